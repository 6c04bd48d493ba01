import { toAscii } from "./ascii";
import { type Country, nameCompany, type Place } from "./country";
import { list } from "./list";
import { type Random, type Weighted } from "./random";
import { type Industry } from "./taxonomy";
import { vietnamese } from "./wording-vietnamese";

const commonFamilies = list("Trần; Lê; Phạm; Hoàng; Huỳnh; Phan; Vũ; Võ; Đặng; Bùi; Đỗ");
const otherFamilies = list(`
  Hồ; Ngô; Dương; Lý; Đinh; Trịnh; Mai; Tạ; Lương; Đoàn; Cao; Thái; Châu; Hà; Lưu; Tống; Phùng; Quách; La; Kiều`);
const names = [
  {
    middle: list(
      "Thị; Thị Thu; Thị Ngọc; Thị Minh; Thị Thanh; Thị Bảo; Ngọc; Thu; Thanh; Bích; Phương; Mỹ; Thùy; Hồng",
    ),
    given: list(`
      Hà; Lan; Hương; Trang; Linh; Mai; Ngân; Thảo; Yến; Vy; Nhung; Hạnh; Loan; Dung; Phượng; Quyên; Trâm; Diễm; Oanh;
      Hiền; Thủy; Nga; Giang; Châu; Uyên; Xuân; Tuyết; Hằng; Nguyệt; Thơ; Huệ; Quỳnh; Trúc; Như; Diệp; Khuê`),
  },
  {
    middle: list("Văn; Đức; Minh; Hữu; Thanh; Quốc; Tuấn; Đình; Gia; Bảo; Ngọc; Thế; Mạnh; Chí; Nhật; Hoàng; Duy"),
    given: list(`
      Hùng; Dũng; Hoàn; Hải; Long; Nam; Phong; Quân; Sơn; Thắng; Trung; Việt; Khoa; Phúc; Tài; Bình; Cường; Đạt; Hiếu;
      Khánh; Thành; Nghĩa; Thịnh; Trọng; Vinh; Hưng; Duy; Kiên; Lộc; Tùng; Hòa; Khôi; Nhân; Tín; Luân; Huy`),
  },
];

const brandStarts = list(`
  Bình; Đại; Đông; Gia; Hồng; Kim; Minh; Ngọc; Phú; Quang; Tân; Thành; Thiên; Trường; Việt; Vĩnh; Xuân; Hoàng; Thuận`);
const brandEnds = list("Phát; Thịnh; Long; Khang; Phúc; Lộc; Tiến; Hưng; Vượng; Đạt; Sơn; Phong; Lợi; Cường; Nghĩa");
const legalForms: readonly Weighted<string>[] = [
  ["Công ty TNHH", 6],
  ["Công ty Cổ phần", 3],
  ["Công ty TNHH MTV", 2],
  ["Doanh nghiệp tư nhân", 1],
];
const trades: Record<Industry, string[]> = {
  Construction: list("Xây dựng *; Cơ điện lạnh *; Kiến trúc và Nội thất *; Vật liệu xây dựng *"),
  Healthcare: list("Phòng khám Đa khoa *; Nha khoa *; Dược phẩm *; Thiết bị Y tế *"),
  Hospitality: list("Khách sạn *; Nhà hàng *; Du lịch *; Cà phê *"),
  Logistics: list("Vận tải *; Giao nhận *; Kho vận *"),
  Manufacturing: list("Cơ khí *; Bao bì *; May mặc *; Chế biến Thủy sản *; Gỗ *; Nhựa *"),
  "Professional services": list("Tư vấn *; Kế toán và Thuế *; Giải pháp Phần mềm *; Quảng cáo *"),
  "Property management": list("Bất động sản *; Quản lý Tòa nhà *; Đầu tư và Phát triển *"),
  Retail: list("Thương mại *; Siêu thị *; Điện máy *; Thương mại Dịch vụ *; Nội thất *"),
};

/** The five cities under the central government: wards by district, with the old three levels that records still carry. */
const municipalities = [
  ["HAN", "Hà Nội", "Quận Ba Đình", "24", "11100", "Phường Điện Biên; Phường Kim Mã; Phường Liễu Giai; Phường Ngọc Hà"],
  ["HAN", "Hà Nội", "Quận Hoàn Kiếm", "24", "11000", "Phường Hàng Bạc; Phường Hàng Trống; Phường Tràng Tiền"],
  ["HAN", "Hà Nội", "Quận Cầu Giấy", "24", "11300", "Phường Dịch Vọng; Phường Nghĩa Đô; Phường Trung Hòa"],
  ["HAN", "Hà Nội", "Quận Đống Đa", "24", "11500", "Phường Láng Hạ; Phường Ô Chợ Dừa; Phường Cát Linh"],
  ["HAN", "Hà Nội", "Quận Long Biên", "24", "11800", "Phường Bồ Đề; Phường Ngọc Lâm; Phường Gia Thụy"],
  ["HAN", "Hà Nội", "Quận Hà Đông", "24", "12100", "Phường Mộ Lao; Phường Văn Quán; Phường Yên Nghĩa"],
  ["HAN", "Hà Nội", "Huyện Gia Lâm", "24", "12400", "Xã Bát Tràng; Xã Đa Tốn; Thị trấn Trâu Quỳ"],
  ["HAN", "Hải Phòng", "Quận Ngô Quyền", "225", "04100", "Phường Máy Tơ; Phường Lạch Tray; Phường Cầu Đất"],
  ["HAN", "Hải Phòng", "Quận Lê Chân", "225", "04200", "Phường An Biên; Phường Trần Nguyên Hãn"],
  ["DAD", "Đà Nẵng", "Quận Hải Châu", "236", "50200", "Phường Thạch Thang; Phường Hòa Cường Bắc; Phường Nam Dương"],
  ["DAD", "Đà Nẵng", "Quận Sơn Trà", "236", "50400", "Phường An Hải Bắc; Phường Mân Thái; Phường Thọ Quang"],
  ["DAD", "Đà Nẵng", "Quận Ngũ Hành Sơn", "236", "50500", "Phường Mỹ An; Phường Khuê Mỹ; Phường Hòa Hải"],
  ["SGN", "Hồ Chí Minh", "Quận 1", "28", "71000", "Phường Bến Nghé; Phường Bến Thành; Phường Đa Kao; Phường Tân Định"],
  ["SGN", "Hồ Chí Minh", "Quận 3", "28", "72400", "Phường Võ Thị Sáu; Phường 9; Phường 11; Phường 14"],
  ["SGN", "Hồ Chí Minh", "Quận 7", "28", "72900", "Phường Tân Phong; Phường Tân Phú; Phường Phú Mỹ"],
  ["SGN", "Hồ Chí Minh", "Quận Bình Thạnh", "28", "72300", "Phường 22; Phường 25; Phường 26"],
  ["SGN", "Hồ Chí Minh", "Quận Tân Bình", "28", "72100", "Phường 2; Phường 4; Phường 12; Phường 15"],
  ["SGN", "Hồ Chí Minh", "Quận Gò Vấp", "28", "71400", "Phường 5; Phường 10; Phường 17"],
  ["SGN", "Hồ Chí Minh", "Thành phố Thủ Đức", "28", "71300", "Phường Thảo Điền; Phường An Phú; Phường Linh Trung"],
  ["SGN", "Cần Thơ", "Quận Ninh Kiều", "292", "94100", "Phường Tân An; Phường Xuân Khánh; Phường An Cư"],
] as const;

/** Provinces with a city of theirs. */
const provinces = [
  ["HAN", "Quảng Ninh", "Hạ Long", "203", "01100", "Phường Bãi Cháy; Phường Hồng Hải; Phường Hồng Gai"],
  ["HAN", "Bắc Ninh", "Bắc Ninh", "222", "16100", "Phường Suối Hoa; Phường Ninh Xá; Phường Võ Cường"],
  ["HAN", "Nghệ An", "Vinh", "238", "43100", "Phường Hưng Bình; Phường Lê Lợi; Phường Trường Thi"],
  ["DAD", "Thừa Thiên Huế", "Huế", "234", "49100", "Phường Phú Hội; Phường Vĩnh Ninh; Phường Thuận Hòa"],
  ["DAD", "Khánh Hòa", "Nha Trang", "258", "57100", "Phường Lộc Thọ; Phường Phước Hải; Phường Vĩnh Hải"],
  ["SGN", "Lâm Đồng", "Đà Lạt", "263", "66100", "Phường 1; Phường 3; Phường 9"],
  ["SGN", "Bình Dương", "Thủ Dầu Một", "274", "75100", "Phường Phú Cường; Phường Hiệp Thành; Phường Phú Hòa"],
  ["SGN", "Đồng Nai", "Biên Hòa", "251", "76100", "Phường Quyết Thắng; Phường Trung Dũng; Phường Tân Hiệp"],
] as const;

const streets = list(`
  Lê Lợi; Trần Hưng Đạo; Nguyễn Trãi; Hai Bà Trưng; Lý Thường Kiệt; Điện Biên Phủ; Phan Chu Trinh; Quang Trung;
  Nguyễn Huệ; Hùng Vương; Bà Triệu; Phan Đình Phùng; Ngô Quyền; Lê Duẩn; Nguyễn Văn Cừ; Hoàng Diệu; Nguyễn Thái Học;
  Lê Hồng Phong; Trần Phú; Nguyễn Công Trứ; Tô Hiến Thành; Bạch Đằng; Lê Thánh Tôn; Nguyễn Du; Phạm Ngũ Lão`);
const buildings = list("Tòa nhà Sông Hồng; Tòa nhà Sao Mai; Chung cư Hoa Sen; Chung cư Phượng Vĩ; Tòa nhà Bến Xanh");

const banks: readonly (readonly [code: string, name: string, digits: number])[] = [
  ["VCB", "Vietcombank", 10],
  ["BIDV", "BIDV", 14],
  ["CTG", "VietinBank", 12],
  ["TCB", "Techcombank", 14],
  ["MBB", "MB Bank", 13],
  ["ACB", "ACB", 9],
  ["VPB", "VPBank", 12],
  ["STB", "Sacombank", 12],
  ["VBA", "Agribank", 13],
];

export const vietnam: Country = {
  wording: vietnamese,
  utcOffsetHours: 7,

  person(random) {
    const lastName = random.weighted([
      ["Nguyễn", 35],
      [random.pick(commonFamilies), 50],
      [random.pick(otherFamilies), 15],
    ]);
    const { middle, given } = random.pick(names);
    const between = random.pick(middle.filter((name) => name !== lastName));
    const last = random.pick(given.filter((name) => !`${lastName} ${between}`.includes(name)));
    // The family name comes first: "first and last name" in the other order would be wrong here.
    return {
      name: `${lastName} ${between} ${last}`,
      firstName: `${between} ${last}`.replace(/^(Thị|Văn) /, ""),
      lastName,
    };
  },

  company(random) {
    const own = `${random.pick(brandStarts)} ${random.pick(brandEnds)}`;
    const { brand, industry } = nameCompany(random, trades, own);
    return { name: `${random.weighted(legalForms)} ${brand}`, brand: own, industry };
  },

  place: (random) => (random.chance(0.75) ? placeInMunicipality(random) : placeInProvince(random)),

  // The numbering plan has no range for fiction: these prefixes are in it, but are no mobile operator's.
  mobile: (random) => `+84${random.pick(["30", "31", "95"])}${random.digits(7)}`,

  taxId: (random) => `0${random.int(1, 9)}${random.digits(8)}${random.chance(0.1) ? `-00${random.int(1, 9)}` : ""}`,

  bankAccount(random, holder) {
    const [bankCode, bankName, digits] = random.pick(banks);
    return {
      bankCode,
      bankName,
      accountHolderName: toAscii(holder).toUpperCase(),
      accountNumber: random.digits(digits),
    };
  },

  money: (random) =>
    random.chance(0.05)
      ? { amount: `${random.magnitude(50, 9000)}.00`, currency: "USD" }
      : { amount: `${random.magnitude(300, 180_000)}000`, currency: "VND" },
};

function placeInMunicipality(random: Random): Place {
  const [branch, city, district, area, postalCode, wards] = random.pick(municipalities);
  const ward = random.pick(list(wards));
  const address = { country: "VN", city, district, ward, ...streetAddress(random, branch), postalCode };
  return { address, branch, landline: () => landline(random, area) };
}

function placeInProvince(random: Random): Place {
  const [branch, state, city, area, postalCode, wards] = random.pick(provinces);
  const ward = random.pick(list(wards));
  const address = { country: "VN", state, city, ward, ...streetAddress(random, branch), postalCode };
  return { address, branch, landline: () => landline(random, area) };
}

/** Only the north counts lanes (ngõ); the south writes the house in the lane after a slash. */
function streetAddress(random: Random, branch: string): { street: string; building?: string; premise?: string } {
  const number = random.weighted([
    [`${random.int(1, 320)}`, 6],
    [`${random.int(1, 320)}/${random.int(1, 40)}`, 2],
    [`Số ${random.int(1, 60)} ngõ ${random.int(2, 180)}`, branch === "HAN" ? 2 : 0],
  ]);
  const tower = random.maybe(0.15, () => ({
    building: random.pick(buildings),
    premise: `Tầng ${random.int(2, 24)}`,
  }));
  return { street: `${number} ${random.pick(streets)}`, ...tower };
}

/** Numbers of an area begin with 1 for nobody: 113 to 115 are the emergency services. */
function landline(random: Random, area: string): string {
  return `+84${area}1${random.digits(area.length === 2 ? 7 : 6)}`;
}
