import { type Catalogue, type MessageCode, type MessageParameters } from "./messages";

const list = (values: readonly string[] | undefined): string => (values ?? []).map((value) => `"${value}"`).join(", ");
const nearest = ({ nearest: values }: MessageParameters): string =>
  values?.length ? ` Gần nhất: ${list(values)}.` : "";

/** What the English sentences are about. A name of the schema stays as it is. */
const NOUNS: Record<string, string> = {
  "A value": "Giá trị",
  "A name": "Tên",
  "A title": "Tiêu đề",
  "A code": "Mã",
  "A prefix": "Tiền tố",
  "A phone number": "Số điện thoại",
  "A tax id": "Mã số thuế",
  "A status": "Trạng thái",
  "A type": "Loại",
  "A group": "Nhóm",
  "A branch": "Chi nhánh",
  "An address": "Địa chỉ",
  "An account number": "Số tài khoản",
  "An e-mail address": "Địa chỉ e-mail",
  "An id": "Id",
  "An option": "Lựa chọn",
  "The code": "Mã",
  "The field": "Trường",
  "The id": "Id",
  "The same value": "Giá trị",
  asset: "tài sản",
  "asset of this customer": "tài sản của khách hàng này",
  "bank account of this customer": "tài khoản ngân hàng của khách hàng này",
  branch: "chi nhánh",
  "contact of this customer": "người liên hệ của khách hàng này",
  contract: "hợp đồng",
  "custom field": "trường tùy chỉnh",
  customer: "khách hàng",
  "customer among those to merge": "khách hàng trong số cần gộp",
  "customer group": "nhóm khách hàng",
  "customer status": "trạng thái khách hàng",
  "customer type": "loại khách hàng",
  "id and code": "id và code",
  invoice: "hóa đơn",
  "work order": "phiếu công việc",
  Asset: "Tài sản",
  BankAccount: "Tài khoản ngân hàng",
  Branch: "Chi nhánh",
  Contact: "Người liên hệ",
  Contract: "Hợp đồng",
  Customer: "Khách hàng",
  CustomerField: "Trường tùy chỉnh",
  CustomerGroup: "Nhóm khách hàng",
  CustomerStatus: "Trạng thái khách hàng",
  CustomerType: "Loại khách hàng",
  Invoice: "Hóa đơn",
  WorkOrder: "Phiếu công việc",
};

/** Sentences of the schema's types, by their beginnings in English. */
const TYPE_SENTENCES: readonly (readonly [RegExp, string])[] = [
  [/^Must be a string\.$/, "Phải là một chuỗi."],
  [/^Must be a whole number from (\S+) to (\S+)\.$/, "Phải là số nguyên từ $1 đến $2."],
  [/^Must be a number\.$/, "Phải là một số."],
  [/^Must be true or false\.$/, "Phải là true hoặc false."],
  [/^Must be an id: a string\.$/, "Phải là một id: một chuỗi."],
  [/^Must be one of the values of (\w+)\.$/, "Phải là một trong các giá trị của $1."],
  [/^Must be an object of type (\w+)\.$/, "Phải là một đối tượng kiểu $1."],
  [/^(\w+) has no such field\.$/, "$1 không có trường này."],
  [/^A CountryCode .*$/s, "CountryCode là mã ISO 3166-1 alpha-2 gồm hai chữ cái, ví dụ VN."],
  [
    /^A DateTime .*$/s,
    "DateTime là thời điểm theo RFC 3339 có múi giờ, ví dụ 2024-05-17T08:30:00Z, từ năm 1900 đến 2200.",
  ],
  [/^A Date .*$/s, "Date là một ngày có thật, dạng YYYY-MM-DD, từ năm 1900 đến 2200."],
  [/^A Decimal .*$/s, 'Decimal là số thập phân viết trong chuỗi, tối đa bốn chữ số sau dấu chấm, ví dụ "1250000.50".'],
  [
    /^(A JSON|Text in a JSON) .*$/s,
    "Giá trị JSON tối đa 16 kB, sâu tối đa 5 cấp, văn bản phải là Unicode hợp lệ không có U+0000.",
  ],
];

const VALUE_SHAPES: Record<string, string> = {
  TEXT: "một chuỗi",
  NUMBER: "một số",
  BOOLEAN: "true hoặc false",
  DATE: "một ngày dạng YYYY-MM-DD",
  SELECT: "một trong các lựa chọn của nó",
  MULTI_SELECT: "danh sách các lựa chọn của nó",
};

function noun(what: string | undefined, otherwise = "Giá trị"): string {
  if (what === undefined) return otherwise;
  return NOUNS[what] ?? what.replace(/^The custom field /, "Trường tùy chỉnh ");
}

function typeSentence(what: string | undefined): string {
  const known = TYPE_SENTENCES.find(([pattern]) => what !== undefined && pattern.test(what));
  return known && what !== undefined ? what.replace(known[0], known[1]) : "Giá trị không đúng kiểu.";
}

const LIMITED: Record<string, string> = {
  tokens: "token (từ và dấu trong văn bản truy vấn)",
  depth: "cấp trường lồng nhau",
  aliases: "bí danh, fragment được tính ở mọi chỗ dùng",
  directives: "chỉ thị, fragment được tính ở mọi chỗ dùng",
  fields: "trường, fragment được tính ở mọi chỗ dùng",
  objects: "đối tượng trong câu trả lời, ước tính theo kích thước các danh sách",
};

/** The sentences in Vietnamese. */
export const vietnamese: Catalogue<MessageCode> = {
  REQUIRED: ({ what }) => `Cần có: ${noun(what)}.`,
  TOO_LONG: ({ max }) => `Chỉ cho phép tối đa ${max} ký tự.`,
  TOO_MANY: ({ max }) => `Chỉ cho phép tối đa ${max} mục.`,
  TOO_FEW: ({ min }) => `Cần ít nhất ${min}.`,
  OUT_OF_RANGE: ({ min, max }) => `Phải là số nguyên từ ${min} đến ${max}.`,
  INVALID_TEXT: () => "Có ký tự không lưu được (U+0000 hoặc nửa cặp surrogate). Hãy bỏ ký tự đó.",
  CONTROL_CHARACTERS: () => "Không được chứa ký tự điều khiển hay xuống dòng.",
  INVALID_VALUE: ({ what }) => typeSentence(what),
  INVALID_EMAIL: () => "Phải là địa chỉ e-mail, ví dụ ten@example.com.",
  INVALID_PHONE: ({ region }) =>
    region
      ? `Phải là số điện thoại có thể có ở ${region}, hoặc số quốc tế như +84 912 345 678.`
      : "Phải là số quốc tế như +84 912 345 678; số trong nước cần phoneRegion hoặc vùng mặc định của tổ chức.",
  INVALID_URL: () => "Phải là địa chỉ web bắt đầu bằng http:// hoặc https://.",
  INVALID_COUNTRY: () => 'Phải là mã ISO 3166-1 alpha-2 như "VN", hoặc tên quốc gia.',
  INVALID_REGION: () => 'Phải là mã ISO 3166-1 alpha-2 như "VN", hoặc mã gọi như "+84".',
  INVALID_CURRENCY: () => 'Phải là mã ISO 4217 gồm ba chữ hoa, ví dụ "VND".',
  UNKNOWN_CODE: (p) => `Không có ${noun(p.what)} nào có mã này.${nearest(p)}`,
  UNKNOWN_REFERENCE: ({ what }) => `Không có ${noun(what)} như vậy.`,
  UNKNOWN_FIELD: (p) => `Không có trường tùy chỉnh nào có mã này.${nearest(p)}`,
  WRONG_FIELD_VALUE: ({ type, options }) =>
    `Trường tùy chỉnh này là ${type}: giá trị phải là ${VALUE_SHAPES[type ?? ""] ?? "đúng kiểu đó"}${options?.length ? ` (${list(options)})` : ""}.`,
  RANGE_NOT_ALLOWED: () => "Khoảng (gte, lt) chỉ dùng cho trường tùy chỉnh kiểu NUMBER và DATE.",
  DUPLICATE: ({ what }) => `${noun(what)} được nêu hai lần.`,
  SECOND_PRIMARY: () => "Một khách hàng chỉ có tối đa một người liên hệ chính.",
  CONTACT_REQUIRED: () => "Khách hàng kiểu COMPANY ở đây cần ít nhất một người liên hệ (cài đặt companyNeedsContact).",
  NULL_NOT_ALLOWED: () => "Không được là null: hãy bỏ ra, hoặc cho một giá trị.",
  EXACTLY_ONE: ({ what }) => `Hãy cho đúng một trong: ${noun(what)}.`,
  TOP_LEVEL_ONLY: () => "Chỉ được dùng ở cấp ngoài cùng của bộ lọc.",
  TOO_DEEP: ({ max }) => `Bộ lọc lồng tối đa ${max} cấp và có tối đa 100 điều kiện.`,
  INVALID_CURSOR: () =>
    "Không phải con trỏ của danh sách này theo thứ tự này. Hãy dùng con trỏ do chính danh sách đó trả về, với cùng orderBy.",
  PAGE_SIZE: ({ max }) => `Một trang có từ 0 đến ${max} mục.`,
  PAGING_DIRECTION: () => "Đi tới bằng first và after, hoặc lùi bằng last và before; không dùng cả hai.",
  WRONG_ORDER: ({ what }) => `Không được trước ${what}.`,
  OPTIONS_REQUIRED: () => "Trường kiểu SELECT hoặc MULTI_SELECT cần ít nhất một lựa chọn.",
  OPTIONS_NOT_ALLOWED: () => "Lựa chọn chỉ dành cho trường kiểu SELECT và MULTI_SELECT.",
  NOT_ALLOWED_HERE: ({ what }) => `Ở đây không được dùng: ${noun(what)}.`,
  BAD_USER_INPUT: ({ max }) => `Dữ liệu gửi lên có ${max} lỗi.`,
  NOT_FOUND: ({ what }) => `Không tìm thấy: ${noun(what)}.`,
  UNAUTHENTICATED: () =>
    "Hãy gửi một thông tin xác thực hợp lệ: khóa API hoặc token trong Authorization: Bearer …, hoặc một yêu cầu có chữ ký.",
  FORBIDDEN: ({ what }) => `Cần có quyền ${what}.`,
  CODE_TAKEN: ({ what }) => `Mã này đã được dùng (${noun(what)}). Hãy chọn mã khác.`,
  STALE_VERSION: () => "Bản ghi đã được thay đổi. Hãy đọc lại, rồi gửi thay đổi với phiên bản hiện tại.",
  NOT_IN_TRASH: () => "Khách hàng không ở trong thùng rác. Hãy xóa trước.",
  BLOCKED: () => "Chưa thể xóa khách hàng. Xem blockers để biết vướng gì và cần làm gì.",
  IN_USE: ({ what, max }) => `${max} khách hàng đang mang ${noun(what)} này. Hãy nêu mục thay thế trong reassignTo.`,
  HAS_VALUES: ({ max }) => `${max} khách hàng có giá trị ở trường này. Đặt discardValues là true để bỏ các giá trị đó.`,
  TYPE_IN_USE: ({ max }) => `${max} khách hàng có giá trị ở trường này: chỉ đổi được kiểu khi không còn giá trị nào.`,
  OPTION_IN_USE: ({ options }) =>
    `Có khách hàng đang dùng các lựa chọn này: ${list(options)}. Hãy giữ lại, hoặc sửa các khách hàng đó trước.`,
  SAME_TERM: () => "Hãy nêu mục khác với mục bị xóa.",
  LAST_CONTACT: () =>
    "Khách hàng kiểu COMPANY ở đây cần ít nhất một người liên hệ (cài đặt companyNeedsContact): hãy thêm người khác trước.",
  MERGE_WITH_ITSELF: () => "Không thể gộp khách hàng với chính nó, và mỗi khách hàng khác chỉ nêu một lần.",
  FINAL_STATUS: () => "Phiếu công việc COMPLETED hoặc CANCELLED chỉ được mở lại với quyền settings:write.",
  IDEMPOTENCY_KEY_REUSED: () => "Idempotency-Key này đã dùng cho yêu cầu khác. Hãy dùng khóa mới cho yêu cầu mới.",
  INVALID_IDEMPOTENCY_KEY: () => "Idempotency-Key phải có từ 1 đến 255 ký tự ASCII nhìn thấy được.",
  DUPLICATE_VALUE: () => "Giá trị này chỉ được tồn tại một lần.",
  TRY_AGAIN: () => "Một yêu cầu khác vừa thay đổi cùng bản ghi. Hãy thử lại.",
  REMEDY_ACTIVE_WORK_ORDER: () => "Hãy hoàn thành hoặc hủy các phiếu công việc này trước.",
  REMEDY_ACTIVE_CONTRACT: () => "Hãy để các hợp đồng này hết hạn hoặc chấm dứt chúng trước.",
  REMEDY_PENDING_INVOICE: () => "Hãy thu tiền hoặc hủy các hóa đơn này trước.",
  INVALID_JSON: ({ at }) =>
    `Dòng này không phải JSON${at === undefined ? "" : ` (xem ký tự ${at})`}. Mỗi dòng là một đối tượng trọn vẹn.`,
  INVALID_ENCODING: () => "Dòng này không phải UTF-8. Hãy lưu tệp theo bảng mã đó.",
  LINE_TOO_LONG: ({ max }) => `Một dòng có tối đa ${max} byte; dòng này chỉ hiện phần đầu.`,
  CODE_ON_LINE: ({ line }) => `Dòng ${line} đã có mã này. Mỗi khách hàng cần mã riêng.`,
  QUERY_TOO_COMPLEX: ({ type, max = 0, count, what }) =>
    `Thao tác này yêu cầu ${count ?? `hơn ${max}`} ${LIMITED[type ?? ""]}; cho phép ${max}. ` +
    (what === undefined ? "Hãy yêu cầu ít hơn, hoặc chia thành nhiều thao tác." : `${what} thì vừa.`),
  RATE_LIMITED: ({ count }) => `Khóa này đã yêu cầu quá nhiều trong thời gian ngắn. Hãy thử lại sau ${count} giây.`,
  TRUSTED_DOCUMENTS_ONLY: () =>
    "Ở đây chỉ thực hiện các văn bản tin cậy. Hãy nêu id của văn bản trong documentId, hoặc gửi đúng nguyên văn.",
  UNKNOWN_TRUSTED_DOCUMENT: () =>
    "Không có văn bản tin cậy nào có id này. Có thể gateway được khởi động với danh sách cũ hơn.",
  TIMEOUT: () => "Việc này lâu hơn mức cho phép và đã bị dừng. Hãy yêu cầu ít hơn, hoặc thử lại.",
  SERVICE_UNAVAILABLE: () => "Hiện không kết nối được cơ sở dữ liệu. Hãy thử lại sau vài giây.",
  INTERNAL_SERVER_ERROR: () => "Lỗi nội bộ của máy chủ",
};
