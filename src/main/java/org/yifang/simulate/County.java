package org.yifang.simulate;

import java.util.ArrayList;
import java.util.List;

/// Who takes part in the day: the clients that the demonstration data registers, and the people who
/// work with them.
final class County {
    /// A member of staff, as named in an assertion or a document.
    ///
    /// @param number the staff number (`nhsa-staff`)
    record Staff(String number, String name) {}

    /// One registered client; in the demonstration its id is also its secret.
    ///
    /// @param id the client id
    /// @param organization the number of its organization (`nhsa-org`), or empty
    /// @param role what its people are when they call
    /// @param staff who calls through it
    record Client(String id, String organization, String role, List<Staff> staff) {}

    /// A hospital and the counter in the house.
    ///
    /// @param uscc its unified social credit code
    record Hospital(Client client, String name, String uscc, int inHousePharmacy) {}

    private static final List<String> STAFF_NAMES =
            List.of(
                    "王建国", "李秋菊", "张德明", "刘晓燕", "陈志强", "杨雪梅", "黄永福", "赵丽娟", "吴文斌", "周春梅", "徐国平",
                    "孙红霞");

    static final List<Hospital> HOSPITALS =
            List.of(
                    new Hospital(
                            client("hospital-1", "H42128100001", "prescriber", "D4212810001", 12),
                            "赤壁市人民医院",
                            "12421281MB0000019Y",
                            10),
                    new Hospital(
                            client("hospital-2", "H42128100002", "prescriber", "D4212810002", 8),
                            "赤壁市中医医院",
                            "12421281MB0000027R",
                            11));

    static final Client REVIEWER = client("reviewer-1", "", "pharmacist", "Y4212810003", 4);

    /// pharmacy-1 to pharmacy-12, in this order; the last two stand in the hospitals.
    static final List<Client> PHARMACIES = pharmacies();

    /// Whether a pharmacy shows its patients how far their medicine is, and therefore knows: those
    /// in the hospitals and three in town.
    static boolean hasScreen(Client pharmacy) {
        int place = PHARMACIES.indexOf(pharmacy);
        return place >= 0 && (place < 3 || place >= 10);
    }

    /// Every client that takes part.
    static List<Client> all() {
        List<Client> all = new ArrayList<>(PHARMACIES);
        HOSPITALS.forEach(hospital -> all.add(hospital.client()));
        all.add(REVIEWER);
        return all;
    }

    private static List<Client> pharmacies() {
        List<Client> pharmacies = new ArrayList<>();
        for (int i = 1; i <= 12; i++) {
            String number = String.format("%02d", i);
            pharmacies.add(
                    client(
                            "pharmacy-" + i,
                            "P421281000" + number,
                            "pharmacist",
                            "Y42128101" + number,
                            3));
        }
        return List.copyOf(pharmacies);
    }

    private static Client client(
            String id, String organization, String role, String staffPrefix, int staffCount) {
        List<Staff> staff = new ArrayList<>();
        for (int i = 1; i <= staffCount; i++) {
            staff.add(new Staff(staffPrefix + String.format("%02d", i), staffName(i)));
        }
        return new Client(id, organization, role, List.copyOf(staff));
    }

    private static String staffName(int i) {
        return STAFF_NAMES.get((i - 1) % STAFF_NAMES.size());
    }

    private County() {}
}
