import { list } from "./list";
import { type Wording } from "./wording";

export const vietnamese: Wording = {
  channels: ["Zalo", "Phone", "E-mail", "SMS"],
  mailboxes: ["lienhe", "info", "ketoan", "vanphong"],
  paymentTerms: [
    ["Thanh toán ngay", 0],
    ["Thanh toán trong 7 ngày", 7],
    ["Thanh toán trong 15 ngày", 15],
    ["Thanh toán trong 30 ngày", 30],
    ["Công nợ 45 ngày", 45],
  ],
  jobTitles: list(`
    Giám đốc; Phó giám đốc; Kế toán trưởng; Trưởng phòng kỹ thuật; Trưởng phòng mua hàng; Quản lý tòa nhà;
    Trợ lý giám đốc; Nhân viên hành chính; Trưởng ca bảo trì; Quản lý kho`),
  householdTitles: list("Người nhà; Quản gia; Hàng xóm (giữ chìa khóa); Người thuê nhà"),
  notes: {
    COMPANY: list(`
      Xuất hóa đơn điện tử trước ngày 25 hằng tháng.; Chỉ làm việc ngoài giờ hành chính.;
      Liên hệ phòng kỹ thuật trước khi đến ít nhất một ngày.; Có ba chi nhánh, hợp đồng ký tại trụ sở chính.;
      Yêu cầu biên bản nghiệm thu có đóng dấu.; Đang mở rộng nhà xưởng, dự kiến thêm thiết bị trong năm tới.`),
    PERSONAL: list(`
      Gọi trước khi đến 30 phút.; Nhà có chó, vui lòng bấm chuông.; Khách quen giới thiệu.;
      Chỉ ở nhà sau 17 giờ.; Ưu tiên kỹ thuật viên đã đến lần trước.`),
  },
  accessNotes: list(`
    Đăng ký với bảo vệ ở cổng chính.; Lấy thẻ thang máy tại lễ tân.; Xe tải vào bằng cổng sau.; Chìa khóa ở phòng quản lý.;
    Gửi xe dưới hầm B1.`),
  assetNames: {
    airConditioning: "Điều hòa trung tâm",
    ventilation: "Hệ thống thông gió",
    chiller: "Máy làm lạnh nước",
    passengerLift: "Thang máy khách",
    goodsLift: "Thang máy tải hàng",
    printer: "Máy in đa chức năng",
    generator: "Máy phát điện dự phòng",
    checkout: "Máy tính tiền",
    cardTerminal: "Máy quẹt thẻ",
    firewall: "Tường lửa",
    switch: "Bộ chuyển mạch",
    accessPoint: "Bộ phát Wi-Fi",
    roomAirConditioner: "Máy lạnh treo tường",
    waterHeater: "Máy nước nóng",
    washingMachine: "Máy giặt",
    dishwasher: "Máy rửa bát",
  },
  assets: {
    HVAC: {
      locations: list("Mái nhà; Sảnh tầng 1; Phòng máy chủ; Văn phòng tầng 3; Nhà xưởng A"),
      tasks: list(`
        Bảo trì điều hòa định kỳ; Nạp gas điều hòa; Dàn lạnh chảy nước; Thay lọc gió dàn lạnh; Sửa bo mạch điều hòa;
        Điều hòa không lạnh`),
    },
    Elevator: {
      locations: list("Sảnh chính; Khối nhà A; Khối nhà B; Khu kho hàng"),
      tasks: list(`
        Bảo trì thang máy hằng tháng; Kiểm định an toàn thang máy; Thang máy dừng sai tầng; Cửa cabin không đóng;
        Thay đèn cabin`),
    },
    Printer: {
      locations: list("Phòng kế toán; Văn phòng tầng 2; Quầy lễ tân; Kho thành phẩm"),
      tasks: list("Thay mực máy in; Máy in kẹt giấy thường xuyên; Thay trống máy in; Bảo dưỡng máy photocopy"),
    },
    Generator: {
      locations: list("Nhà máy phát; Tầng hầm B1; Sân sau"),
      tasks: list(`
        Chạy thử tải máy phát điện; Thay dầu và lọc máy phát; Kiểm tra ắc quy khởi động; Máy phát không tự khởi động;
        Kiểm tra tủ ATS`),
    },
    "Point of sale": {
      locations: list("Quầy thu ngân 1; Quầy thu ngân 2; Quầy lễ tân"),
      tasks: list("Máy POS không kết nối mạng; Thay máy in hóa đơn; Cập nhật phần mềm bán hàng; Đổi đầu đọc thẻ"),
    },
    Network: {
      locations: list("Tủ mạng tầng 1; Tủ mạng tầng 3; Phòng máy chủ"),
      tasks: list(
        "Mạng chập chờn giờ cao điểm; Thay thiết bị mạng; Cấu hình VPN chi nhánh; Đi lại dây mạng; Nâng cấp firmware",
      ),
    },
    "Home appliance": {
      locations: list("Phòng khách; Phòng ngủ; Nhà bếp; Ban công; Phòng tắm"),
      tasks: list("Vệ sinh máy định kỳ; Máy kêu to bất thường; Thay linh kiện; Lắp đặt máy mới; Máy rò rỉ nước"),
    },
  },
  otherTasks: list(`
    Khảo sát hiện trạng; Tư vấn giải pháp tại chỗ; Nghiệm thu công trình; Hướng dẫn sử dụng thiết bị;
    Báo giá nâng cấp hệ thống; Kiểm tra hệ thống điện`),
  taskDetails: list(`
    Khách báo qua điện thoại, gọi lại trước khi đến.; Mang theo vật tư dự phòng.; Cần hai kỹ thuật viên và thang cao.;
    Lần thứ hai trong tháng, xem lại phiếu trước.; Làm ngoài giờ, đã thống nhất với quản lý tòa nhà.;
    Chụp ảnh trước và sau khi xử lý.`),
  contracts: {
    COMPANY: list(`
      Hợp đồng bảo trì toàn diện; Hợp đồng bảo trì thang máy; Hợp đồng trực sự cố 24/7; Hợp đồng thuê máy in;
      Hợp đồng dịch vụ kỹ thuật`),
    PERSONAL: list("Gói chăm sóc nhà; Gói bảo trì máy lạnh; Bảo hành mở rộng"),
  },
};
