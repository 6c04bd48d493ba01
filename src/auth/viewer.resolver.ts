import { Authorized, Ctx, Field, ObjectType, Query, Resolver } from "type-graphql";
import { type RequestContext } from "../graphql/request-context";
import { Tenant } from "../tenancy/tenant.entity";
import { computed, Planned } from "../read-planner/planned";
import { type Credential } from "./credential";

@ObjectType({ description: "Who is asking." })
export class Viewer {
  @Field(() => Tenant, { description: "The tenant whose data the credential reaches." })
  tenant!: Pick<Tenant, "id" | "code" | "name">;

  @Field(() => String, { description: "What the credential is called." })
  credential!: string;

  @Field(() => [String], { description: "What it may do; * stands for everything." })
  scopes!: readonly string[];
}

@Resolver(() => Viewer)
export class ViewerResolver {
  @Authorized()
  @Planned(
    computed(
      () => "null",
      (_raw, { credential }) => toViewer(credential),
    ),
  )
  @Query(() => Viewer, {
    description: "Who is asking: the tenant, the credential's name and its scopes. Needs no scope.",
  })
  viewer(@Ctx() { credential }: RequestContext): Viewer {
    return toViewer(credential);
  }
}

function toViewer({ tenant, name, scopes }: Credential): Viewer {
  return { tenant, credential: name, scopes };
}
