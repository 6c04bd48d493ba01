/** What the migrations make, as describeDatabase() tells of it; written by npm run doctor:emit. */
export const EXPECTED_DATABASE = `
constraint account_number_index_keys.account_number_index_keys_pk: PRIMARY KEY (tenant_id)
constraint account_number_index_keys.account_number_index_keys_tenant_fk: FOREIGN KEY (tenant_id) REFERENCES tenants(id)
constraint account_number_reveals.account_number_reveals_pk: PRIMARY KEY (tenant_id, id)
constraint account_number_reveals.account_number_reveals_tenant_fk: FOREIGN KEY (tenant_id) REFERENCES tenants(id)
constraint api_keys.api_keys_pk: PRIMARY KEY (tenant_id, id)
constraint api_keys.api_keys_tenant_fk: FOREIGN KEY (tenant_id) REFERENCES tenants(id)
constraint api_keys.api_keys_token_hash_u: UNIQUE (tenant_id, token_hash)
constraint assets.assets_code_u: UNIQUE (tenant_id, code_key)
constraint assets.assets_customer_fk: FOREIGN KEY (tenant_id, customer_id) REFERENCES customers(tenant_id, id) ON DELETE CASCADE
constraint assets.assets_pk: PRIMARY KEY (tenant_id, id)
constraint assets.assets_status_ck: CHECK ((status = ANY (ARRAY['ACTIVE'::text, 'INACTIVE'::text, 'RETIRED'::text])))
constraint bank_accounts.bank_accounts_customer_fk: FOREIGN KEY (tenant_id, customer_id) REFERENCES customers(tenant_id, id) ON DELETE CASCADE
constraint bank_accounts.bank_accounts_pk: PRIMARY KEY (tenant_id, id)
constraint branches.branches_code_u: UNIQUE (tenant_id, code_key)
constraint branches.branches_pk: PRIMARY KEY (tenant_id, id)
constraint branches.branches_tenant_fk: FOREIGN KEY (tenant_id) REFERENCES tenants(id)
constraint code_counters.code_counters_pk: PRIMARY KEY (tenant_id, kind)
constraint code_counters.code_counters_tenant_fk: FOREIGN KEY (tenant_id) REFERENCES tenants(id)
constraint contacts.contacts_customer_fk: FOREIGN KEY (tenant_id, customer_id) REFERENCES customers(tenant_id, id) ON DELETE CASCADE
constraint contacts.contacts_pk: PRIMARY KEY (tenant_id, id)
constraint contracts.contracts_code_u: UNIQUE (tenant_id, code_key)
constraint contracts.contracts_customer_fk: FOREIGN KEY (tenant_id, customer_id) REFERENCES customers(tenant_id, id) ON DELETE CASCADE
constraint contracts.contracts_pk: PRIMARY KEY (tenant_id, id)
constraint contracts.contracts_status_ck: CHECK ((status = ANY (ARRAY['DRAFT'::text, 'ACTIVE'::text, 'EXPIRED'::text, 'TERMINATED'::text])))
constraint customer_changes.customer_changes_customer_fk: FOREIGN KEY (tenant_id, customer_id) REFERENCES customers(tenant_id, id) ON DELETE CASCADE
constraint customer_changes.customer_changes_pk: PRIMARY KEY (tenant_id, id)
constraint customer_field_values.customer_field_values_customer_fk: FOREIGN KEY (tenant_id, customer_id) REFERENCES customers(tenant_id, id) ON DELETE CASCADE
constraint customer_field_values.customer_field_values_field_fk: FOREIGN KEY (tenant_id, field_id) REFERENCES customer_fields(tenant_id, id)
constraint customer_field_values.customer_field_values_one_ck: CHECK (((text_value IS NULL) <> (number_value IS NULL)))
constraint customer_field_values.customer_field_values_pk: PRIMARY KEY (tenant_id, customer_id, field_id, "position")
constraint customer_fields.customer_fields_code_u: UNIQUE (tenant_id, code_key)
constraint customer_fields.customer_fields_pk: PRIMARY KEY (tenant_id, id)
constraint customer_fields.customer_fields_tenant_fk: FOREIGN KEY (tenant_id) REFERENCES tenants(id)
constraint customer_fields.customer_fields_type_ck: CHECK ((type = ANY (ARRAY['TEXT'::text, 'NUMBER'::text, 'BOOLEAN'::text, 'DATE'::text, 'SELECT'::text, 'MULTI_SELECT'::text])))
constraint customer_groups.customer_groups_code_u: UNIQUE (tenant_id, code_key)
constraint customer_groups.customer_groups_pk: PRIMARY KEY (tenant_id, id)
constraint customer_groups.customer_groups_tenant_fk: FOREIGN KEY (tenant_id) REFERENCES tenants(id)
constraint customer_phones.customer_phones_customer_fk: FOREIGN KEY (tenant_id, customer_id) REFERENCES customers(tenant_id, id) ON DELETE CASCADE
constraint customer_phones.customer_phones_pk: PRIMARY KEY (tenant_id, phone, customer_id)
constraint customer_previous_codes.customer_previous_codes_code_u: UNIQUE (tenant_id, code_key)
constraint customer_previous_codes.customer_previous_codes_customer_fk: FOREIGN KEY (tenant_id, customer_id) REFERENCES customers(tenant_id, id) ON DELETE CASCADE
constraint customer_previous_codes.customer_previous_codes_pk: PRIMARY KEY (tenant_id, id)
constraint customer_statuses.customer_statuses_code_u: UNIQUE (tenant_id, code_key)
constraint customer_statuses.customer_statuses_pk: PRIMARY KEY (tenant_id, id)
constraint customer_statuses.customer_statuses_tenant_fk: FOREIGN KEY (tenant_id) REFERENCES tenants(id)
constraint customer_tags.customer_tags_customer_fk: FOREIGN KEY (tenant_id, customer_id) REFERENCES customers(tenant_id, id) ON DELETE CASCADE
constraint customer_tags.customer_tags_pk: PRIMARY KEY (tenant_id, tag, customer_id)
constraint customer_types.customer_types_code_u: UNIQUE (tenant_id, code_key)
constraint customer_types.customer_types_pk: PRIMARY KEY (tenant_id, id)
constraint customer_types.customer_types_tenant_fk: FOREIGN KEY (tenant_id) REFERENCES tenants(id)
constraint customers.customers_branch_fk: FOREIGN KEY (tenant_id, branch_id) REFERENCES branches(tenant_id, id)
constraint customers.customers_group_fk: FOREIGN KEY (tenant_id, group_id) REFERENCES customer_groups(tenant_id, id)
constraint customers.customers_kind_ck: CHECK ((kind = ANY (ARRAY['PERSONAL'::text, 'COMPANY'::text])))
constraint customers.customers_merged_into_fk: FOREIGN KEY (tenant_id, merged_into_id) REFERENCES customers(tenant_id, id)
constraint customers.customers_pk: PRIMARY KEY (tenant_id, id)
constraint customers.customers_status_fk: FOREIGN KEY (tenant_id, status_id) REFERENCES customer_statuses(tenant_id, id)
constraint customers.customers_tenant_fk: FOREIGN KEY (tenant_id) REFERENCES tenants(id)
constraint customers.customers_type_fk: FOREIGN KEY (tenant_id, type_id) REFERENCES customer_types(tenant_id, id)
constraint idempotency_keys.idempotency_keys_key_u: UNIQUE (tenant_id, credential_id, key)
constraint idempotency_keys.idempotency_keys_pk: PRIMARY KEY (tenant_id, id)
constraint idempotency_keys.idempotency_keys_tenant_fk: FOREIGN KEY (tenant_id) REFERENCES tenants(id)
constraint import_runs.import_runs_pk: PRIMARY KEY (tenant_id, id)
constraint import_runs.import_runs_tenant_fk: FOREIGN KEY (tenant_id) REFERENCES tenants(id)
constraint invoices.invoices_amount_ck: CHECK (((scale(amount) <= 4) AND (abs(amount) < '1000000000000000'::numeric)))
constraint invoices.invoices_code_u: UNIQUE (tenant_id, code_key)
constraint invoices.invoices_customer_fk: FOREIGN KEY (tenant_id, customer_id) REFERENCES customers(tenant_id, id) ON DELETE CASCADE
constraint invoices.invoices_pk: PRIMARY KEY (tenant_id, id)
constraint invoices.invoices_status_ck: CHECK ((status = ANY (ARRAY['DRAFT'::text, 'PENDING'::text, 'PAID'::text, 'VOID'::text])))
constraint rate_limits.rate_limits_pk: PRIMARY KEY (key)
constraint signing_clients.signing_clients_pk: PRIMARY KEY (tenant_id, id)
constraint signing_clients.signing_clients_previous_ck: CHECK ((num_nulls(previous_secret_ciphertext, previous_secret_key_id, previous_secret_expires_at) = ANY (ARRAY[0, 3])))
constraint signing_clients.signing_clients_tenant_fk: FOREIGN KEY (tenant_id) REFERENCES tenants(id)
constraint tenant_settings.tenant_settings_default_status_fk: FOREIGN KEY (tenant_id, default_status_id) REFERENCES customer_statuses(tenant_id, id)
constraint tenant_settings.tenant_settings_pk: PRIMARY KEY (tenant_id)
constraint tenant_settings.tenant_settings_tenant_fk: FOREIGN KEY (tenant_id) REFERENCES tenants(id)
constraint tenants.tenants_code_u: UNIQUE (code_key)
constraint tenants.tenants_pk: PRIMARY KEY (id)
constraint used_signatures.used_signatures_pk: PRIMARY KEY (tenant_id, signature_hash)
constraint used_signatures.used_signatures_tenant_fk: FOREIGN KEY (tenant_id) REFERENCES tenants(id)
constraint work_orders.work_orders_asset_fk: FOREIGN KEY (tenant_id, asset_id) REFERENCES assets(tenant_id, id)
constraint work_orders.work_orders_code_u: UNIQUE (tenant_id, code_key)
constraint work_orders.work_orders_customer_fk: FOREIGN KEY (tenant_id, customer_id) REFERENCES customers(tenant_id, id) ON DELETE CASCADE
constraint work_orders.work_orders_pk: PRIMARY KEY (tenant_id, id)
constraint work_orders.work_orders_priority_ck: CHECK ((priority = ANY (ARRAY['LOW'::text, 'NORMAL'::text, 'HIGH'::text, 'URGENT'::text])))
constraint work_orders.work_orders_status_ck: CHECK ((status = ANY (ARRAY['OPEN'::text, 'SCHEDULED'::text, 'IN_PROGRESS'::text, 'ON_HOLD'::text, 'COMPLETED'::text, 'CANCELLED'::text])))
function distribute(regclass): as its caller, owned by the owner, for everyone, with no settings, body 9a0019f1bbaad3984b164d333469d62d
function encryption_keys_in_use(): as its owner, owned by clientele_finder, for some, with search_path=public, pg_temp, body c83614a02def85f36a6b427e0b7284eb
function find_assets(uuid,text[],integer): as its owner, owned by clientele_finder, for some, with search_path=public, pg_temp, body d5d79a64a2cfed4a2f4da7df3e3dbed5
function find_customers(uuid,text[],integer): as its owner, owned by clientele_finder, for some, with search_path=public, pg_temp, body 5608b267e990bd7c1b8d2c43eae33199
function find_tenant_id(text): as its owner, owned by clientele_finder, for some, with search_path=public, pg_temp, body 955561c9bcfe52c1faa53f713d3a602d
function first_readable_tenant(): as its caller, owned by the owner, for some, with no settings, body a79e6c8e8ebe066afab5fdb76f6f5d4b
function guard_owner_reads(): as its caller, owned by the owner, for everyone, with no settings, body 385a22243846d511ecae0d6dc7506fd8
function guard_owner_reads(regclass): as its caller, owned by the owner, for everyone, with no settings, body e7df4dc6e04e96b03aef9a1b2dae6ad6
function guard_sealed_column(regclass,text): as its caller, owned by the owner, for everyone, with no settings, body ee077fe8bcd0d8432f50d223d6d0c776
function guard_tenant_table(regclass): as its caller, owned by the owner, for everyone, with no settings, body faf7cb8c06f40314db1d628d93aa64cc
function refresh_statistics(): as its owner, owned by the owner, for some, with search_path=public, pg_temp, body 0deef20b3b455a642cb2835ef97aa8a3
function set_tenant(uuid,integer,integer,integer,text): as its caller, owned by the owner, for everyone, with no settings, body 3ce1bd508b5a5d8065ba41839c79ff70
index account_number_index_keys_secret_key_idx: CREATE INDEX account_number_index_keys_secret_key_idx ON public.account_number_index_keys USING btree (tenant_id, secret_key_id)
index account_number_reveals_created_idx: CREATE INDEX account_number_reveals_created_idx ON public.account_number_reveals USING btree (tenant_id, created_at, id)
index assets_category_idx: CREATE INDEX assets_category_idx ON public.assets USING btree (tenant_id, category_folded, code_folded, id)
index assets_code_idx: CREATE INDEX assets_code_idx ON public.assets USING btree (tenant_id, code_folded, id)
index assets_customer_idx: CREATE INDEX assets_customer_idx ON public.assets USING btree (tenant_id, customer_id, code_folded, id)
index assets_search_idx: CREATE INDEX assets_search_idx ON public.assets USING gin (tenant_id, search_text gin_trgm_ops) WITH (gin_pending_list_limit='1024')
index assets_status_idx: CREATE INDEX assets_status_idx ON public.assets USING btree (tenant_id, status, code_folded, id)
index bank_accounts_account_number_key_idx: CREATE INDEX bank_accounts_account_number_key_idx ON public.bank_accounts USING btree (tenant_id, account_number_key_id, id)
index bank_accounts_customer_idx: CREATE INDEX bank_accounts_customer_idx ON public.bank_accounts USING btree (tenant_id, customer_id)
index bank_accounts_number_idx: CREATE INDEX bank_accounts_number_idx ON public.bank_accounts USING btree (tenant_id, account_number_index)
index contacts_customer_idx: CREATE INDEX contacts_customer_idx ON public.contacts USING btree (tenant_id, customer_id)
index contacts_primary_u: CREATE UNIQUE INDEX contacts_primary_u ON public.contacts USING btree (tenant_id, customer_id) WHERE is_primary
index contracts_active_idx: CREATE INDEX contracts_active_idx ON public.contracts USING btree (tenant_id, customer_id, id) WHERE (status = 'ACTIVE'::text)
index contracts_created_idx: CREATE INDEX contracts_created_idx ON public.contracts USING btree (tenant_id, created_at, id)
index contracts_customer_idx: CREATE INDEX contracts_customer_idx ON public.contracts USING btree (tenant_id, customer_id, created_at, id)
index contracts_status_idx: CREATE INDEX contracts_status_idx ON public.contracts USING btree (tenant_id, status, created_at, id)
index customer_changes_customer_idx: CREATE INDEX customer_changes_customer_idx ON public.customer_changes USING btree (tenant_id, customer_id, created_at, id)
index customer_field_values_number_idx: CREATE INDEX customer_field_values_number_idx ON public.customer_field_values USING btree (tenant_id, field_id, number_value, customer_id) WHERE (number_value IS NOT NULL)
index customer_field_values_text_idx: CREATE INDEX customer_field_values_text_idx ON public.customer_field_values USING btree (tenant_id, field_id, text_value, customer_id)
index customer_phones_customer_idx: CREATE INDEX customer_phones_customer_idx ON public.customer_phones USING btree (tenant_id, customer_id)
index customer_previous_codes_customer_idx: CREATE INDEX customer_previous_codes_customer_idx ON public.customer_previous_codes USING btree (tenant_id, customer_id)
index customer_tags_customer_idx: CREATE INDEX customer_tags_customer_idx ON public.customer_tags USING btree (tenant_id, customer_id)
index customers_branch_idx: CREATE INDEX customers_branch_idx ON public.customers USING btree (tenant_id, branch_id, created_at, id) INCLUDE (is_trashed)
index customers_code_idx: CREATE INDEX customers_code_idx ON public.customers USING btree (tenant_id, code_folded, id)
index customers_code_u: CREATE UNIQUE INDEX customers_code_u ON public.customers USING btree (tenant_id, code_key) WHERE (deleted_at IS NULL)
index customers_country_idx: CREATE INDEX customers_country_idx ON public.customers USING btree (tenant_id, country, created_at, id)
index customers_created_idx: CREATE INDEX customers_created_idx ON public.customers USING btree (tenant_id, created_at, id) INCLUDE (is_trashed)
index customers_email_idx: CREATE INDEX customers_email_idx ON public.customers USING btree (tenant_id, email_folded)
index customers_group_idx: CREATE INDEX customers_group_idx ON public.customers USING btree (tenant_id, group_id, created_at, id) INCLUDE (is_trashed)
index customers_kind_idx: CREATE INDEX customers_kind_idx ON public.customers USING btree (tenant_id, kind, created_at, id)
index customers_merged_into_idx: CREATE INDEX customers_merged_into_idx ON public.customers USING btree (tenant_id, merged_into_id)
index customers_name_idx: CREATE INDEX customers_name_idx ON public.customers USING btree (tenant_id, name_folded, id)
index customers_search_idx: CREATE INDEX customers_search_idx ON public.customers USING gin (tenant_id, search_text gin_trgm_ops) WITH (gin_pending_list_limit='1024')
index customers_status_idx: CREATE INDEX customers_status_idx ON public.customers USING btree (tenant_id, status_id, created_at, id) INCLUDE (is_trashed)
index customers_tax_id_idx: CREATE INDEX customers_tax_id_idx ON public.customers USING btree (tenant_id, tax_id_folded)
index customers_trash_idx: CREATE INDEX customers_trash_idx ON public.customers USING btree (tenant_id, code_key, deleted_at) WHERE (deleted_at IS NOT NULL)
index customers_type_idx: CREATE INDEX customers_type_idx ON public.customers USING btree (tenant_id, type_id, created_at, id) INCLUDE (is_trashed)
index customers_updated_idx: CREATE INDEX customers_updated_idx ON public.customers USING btree (tenant_id, updated_at, id)
index idempotency_keys_answer_key_idx: CREATE INDEX idempotency_keys_answer_key_idx ON public.idempotency_keys USING btree (tenant_id, answer_key_id, id)
index idempotency_keys_created_idx: CREATE INDEX idempotency_keys_created_idx ON public.idempotency_keys USING btree (tenant_id, created_at)
index import_runs_unfinished_u: CREATE UNIQUE INDEX import_runs_unfinished_u ON public.import_runs USING btree (tenant_id, path_key) WHERE (finished_at IS NULL)
index invoices_created_idx: CREATE INDEX invoices_created_idx ON public.invoices USING btree (tenant_id, created_at, id)
index invoices_customer_idx: CREATE INDEX invoices_customer_idx ON public.invoices USING btree (tenant_id, customer_id, created_at, id)
index invoices_due_idx: CREATE INDEX invoices_due_idx ON public.invoices USING btree (tenant_id, due_on)
index invoices_pending_idx: CREATE INDEX invoices_pending_idx ON public.invoices USING btree (tenant_id, customer_id, id) WHERE (status = 'PENDING'::text)
index invoices_status_idx: CREATE INDEX invoices_status_idx ON public.invoices USING btree (tenant_id, status, created_at, id)
index signing_clients_previous_secret_key_idx: CREATE INDEX signing_clients_previous_secret_key_idx ON public.signing_clients USING btree (tenant_id, previous_secret_key_id, id)
index signing_clients_secret_key_idx: CREATE INDEX signing_clients_secret_key_idx ON public.signing_clients USING btree (tenant_id, secret_key_id, id)
index tenant_settings_default_status_idx: CREATE INDEX tenant_settings_default_status_idx ON public.tenant_settings USING btree (tenant_id, default_status_id)
index used_signatures_signed_idx: CREATE INDEX used_signatures_signed_idx ON public.used_signatures USING btree (tenant_id, signed_at)
index work_orders_active_idx: CREATE INDEX work_orders_active_idx ON public.work_orders USING btree (tenant_id, customer_id, id) WHERE is_active
index work_orders_asset_idx: CREATE INDEX work_orders_asset_idx ON public.work_orders USING btree (tenant_id, asset_id, created_at, id)
index work_orders_created_idx: CREATE INDEX work_orders_created_idx ON public.work_orders USING btree (tenant_id, created_at, id)
index work_orders_customer_idx: CREATE INDEX work_orders_customer_idx ON public.work_orders USING btree (tenant_id, customer_id, created_at, id)
index work_orders_is_active_idx: CREATE INDEX work_orders_is_active_idx ON public.work_orders USING btree (tenant_id, is_active, created_at, id)
index work_orders_priority_idx: CREATE INDEX work_orders_priority_idx ON public.work_orders USING btree (tenant_id, priority, created_at, id)
index work_orders_scheduled_idx: CREATE INDEX work_orders_scheduled_idx ON public.work_orders USING btree (tenant_id, scheduled_at)
index work_orders_status_idx: CREATE INDEX work_orders_status_idx ON public.work_orders USING btree (tenant_id, status, created_at, id)
policy account_number_index_keys.finder: permissive select to {clientele_finder} using true with check nothing
policy account_number_index_keys.owner_reads: restrictive select to {"the owner",pg_read_all_data} using (tenant_id >= first_readable_tenant()) with check nothing
policy account_number_index_keys.tenant_isolation: permissive all to {public} using (tenant_id = (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid) with check (tenant_id = (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid)
policy account_number_reveals.owner_reads: restrictive select to {"the owner",pg_read_all_data} using (tenant_id >= first_readable_tenant()) with check nothing
policy account_number_reveals.tenant_isolation: permissive all to {public} using (tenant_id = (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid) with check (tenant_id = (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid)
policy api_keys.owner_reads: restrictive select to {"the owner",pg_read_all_data} using (tenant_id >= first_readable_tenant()) with check nothing
policy api_keys.tenant_isolation: permissive all to {public} using (tenant_id = (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid) with check (tenant_id = (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid)
policy assets.finder: permissive select to {clientele_finder} using true with check nothing
policy assets.owner_reads: restrictive select to {"the owner",pg_read_all_data} using (tenant_id >= first_readable_tenant()) with check nothing
policy assets.tenant_isolation: permissive all to {public} using (tenant_id = (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid) with check (tenant_id = (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid)
policy bank_accounts.finder: permissive select to {clientele_finder} using true with check nothing
policy bank_accounts.owner_reads: restrictive select to {"the owner",pg_read_all_data} using (tenant_id >= first_readable_tenant()) with check nothing
policy bank_accounts.tenant_isolation: permissive all to {public} using (tenant_id = (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid) with check (tenant_id = (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid)
policy branches.owner_reads: restrictive select to {"the owner",pg_read_all_data} using (tenant_id >= first_readable_tenant()) with check nothing
policy branches.tenant_isolation: permissive all to {public} using (tenant_id = (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid) with check (tenant_id = (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid)
policy code_counters.owner_reads: restrictive select to {"the owner",pg_read_all_data} using (tenant_id >= first_readable_tenant()) with check nothing
policy code_counters.tenant_isolation: permissive all to {public} using (tenant_id = (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid) with check (tenant_id = (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid)
policy contacts.owner_reads: restrictive select to {"the owner",pg_read_all_data} using (tenant_id >= first_readable_tenant()) with check nothing
policy contacts.tenant_isolation: permissive all to {public} using (tenant_id = (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid) with check (tenant_id = (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid)
policy contracts.owner_reads: restrictive select to {"the owner",pg_read_all_data} using (tenant_id >= first_readable_tenant()) with check nothing
policy contracts.tenant_isolation: permissive all to {public} using (tenant_id = (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid) with check (tenant_id = (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid)
policy customer_changes.owner_reads: restrictive select to {"the owner",pg_read_all_data} using (tenant_id >= first_readable_tenant()) with check nothing
policy customer_changes.tenant_isolation: permissive all to {public} using (tenant_id = (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid) with check (tenant_id = (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid)
policy customer_field_values.owner_reads: restrictive select to {"the owner",pg_read_all_data} using (tenant_id >= first_readable_tenant()) with check nothing
policy customer_field_values.tenant_isolation: permissive all to {public} using (tenant_id = (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid) with check (tenant_id = (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid)
policy customer_fields.owner_reads: restrictive select to {"the owner",pg_read_all_data} using (tenant_id >= first_readable_tenant()) with check nothing
policy customer_fields.tenant_isolation: permissive all to {public} using (tenant_id = (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid) with check (tenant_id = (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid)
policy customer_groups.owner_reads: restrictive select to {"the owner",pg_read_all_data} using (tenant_id >= first_readable_tenant()) with check nothing
policy customer_groups.tenant_isolation: permissive all to {public} using (tenant_id = (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid) with check (tenant_id = (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid)
policy customer_phones.owner_reads: restrictive select to {"the owner",pg_read_all_data} using (tenant_id >= first_readable_tenant()) with check nothing
policy customer_phones.tenant_isolation: permissive all to {public} using (tenant_id = (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid) with check (tenant_id = (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid)
policy customer_previous_codes.owner_reads: restrictive select to {"the owner",pg_read_all_data} using (tenant_id >= first_readable_tenant()) with check nothing
policy customer_previous_codes.tenant_isolation: permissive all to {public} using (tenant_id = (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid) with check (tenant_id = (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid)
policy customer_statuses.owner_reads: restrictive select to {"the owner",pg_read_all_data} using (tenant_id >= first_readable_tenant()) with check nothing
policy customer_statuses.tenant_isolation: permissive all to {public} using (tenant_id = (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid) with check (tenant_id = (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid)
policy customer_tags.owner_reads: restrictive select to {"the owner",pg_read_all_data} using (tenant_id >= first_readable_tenant()) with check nothing
policy customer_tags.tenant_isolation: permissive all to {public} using (tenant_id = (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid) with check (tenant_id = (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid)
policy customer_types.owner_reads: restrictive select to {"the owner",pg_read_all_data} using (tenant_id >= first_readable_tenant()) with check nothing
policy customer_types.tenant_isolation: permissive all to {public} using (tenant_id = (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid) with check (tenant_id = (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid)
policy customers.finder: permissive select to {clientele_finder} using true with check nothing
policy customers.owner_reads: restrictive select to {"the owner",pg_read_all_data} using (tenant_id >= first_readable_tenant()) with check nothing
policy customers.tenant_isolation: permissive all to {public} using (tenant_id = (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid) with check (tenant_id = (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid)
policy idempotency_keys.finder: permissive select to {clientele_finder} using true with check nothing
policy idempotency_keys.owner_reads: restrictive select to {"the owner",pg_read_all_data} using (tenant_id >= first_readable_tenant()) with check nothing
policy idempotency_keys.tenant_isolation: permissive all to {public} using (tenant_id = (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid) with check (tenant_id = (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid)
policy import_runs.owner_reads: restrictive select to {"the owner",pg_read_all_data} using (tenant_id >= first_readable_tenant()) with check nothing
policy import_runs.tenant_isolation: permissive all to {public} using (tenant_id = (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid) with check (tenant_id = (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid)
policy invoices.owner_reads: restrictive select to {"the owner",pg_read_all_data} using (tenant_id >= first_readable_tenant()) with check nothing
policy invoices.tenant_isolation: permissive all to {public} using (tenant_id = (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid) with check (tenant_id = (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid)
policy signing_clients.finder: permissive select to {clientele_finder} using true with check nothing
policy signing_clients.owner_reads: restrictive select to {"the owner",pg_read_all_data} using (tenant_id >= first_readable_tenant()) with check nothing
policy signing_clients.tenant_isolation: permissive all to {public} using (tenant_id = (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid) with check (tenant_id = (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid)
policy tenant_settings.owner_reads: restrictive select to {"the owner",pg_read_all_data} using (tenant_id >= first_readable_tenant()) with check nothing
policy tenant_settings.tenant_isolation: permissive all to {public} using (tenant_id = (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid) with check (tenant_id = (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid)
policy tenants.finder: permissive select to {clientele_finder} using true with check nothing
policy tenants.tenant_isolation: permissive select to {public} using (id = (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid) with check nothing
policy used_signatures.owner_reads: restrictive select to {"the owner",pg_read_all_data} using (tenant_id >= first_readable_tenant()) with check nothing
policy used_signatures.tenant_isolation: permissive all to {public} using (tenant_id = (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid) with check (tenant_id = (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid)
policy work_orders.owner_reads: restrictive select to {"the owner",pg_read_all_data} using (tenant_id >= first_readable_tenant()) with check nothing
policy work_orders.tenant_isolation: permissive all to {public} using (tenant_id = (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid) with check (tenant_id = (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid)
table account_number_index_keys: row-level security forced
table account_number_reveals: row-level security forced
table api_keys: row-level security forced
table assets: row-level security forced
table bank_accounts: row-level security forced
table branches: row-level security forced
table code_counters: row-level security forced
table contacts: row-level security forced
table contracts: row-level security forced
table customer_changes: row-level security forced
table customer_field_values: row-level security forced
table customer_fields: row-level security forced
table customer_groups: row-level security forced
table customer_phones: row-level security forced
table customer_previous_codes: row-level security forced
table customer_statuses: row-level security forced
table customer_tags: row-level security forced
table customer_types: row-level security forced
table customers: row-level security forced
table idempotency_keys: row-level security forced
table import_runs: row-level security forced
table invoices: row-level security forced
table rate_limits: row-level security off
table signing_clients: row-level security forced
table tenant_settings: row-level security forced
table tenants: row-level security on
table used_signatures: row-level security forced
table work_orders: row-level security forced
`;
