package org.yifang.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.yifang.TestService;
import org.yifang.platform.config.DatabaseAddress;

import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/// What searches take with 100,000 prescriptions stored, of 20,000 patients over two years, half of
/// them of the hospital that asks.
@Tag("bench")
class SearchSpeedTest {
    private static final int TIMES = 21;

    /// Older than those of now, which begin with their time.
    private static final String ID = "('00' || substr(gen_random_uuid()::text, 3))::uuid";

    /// What is sealed opens under its own id only: these are real, and all that is found.
    private static final int REAL = 40;

    /// A drug of every prescription in the table.
    private static final String CODE = "XC08CAA013A001010100001";

    @Test
    void searches_of_a_hundred_thousand_prescriptions() throws Exception {
        try (TestService service = TestService.own(Map.of())) {
            Story story = new Story(service);
            for (int i = 0; i < REAL; i++) {
                story.prescribed();
            }
            String number;
            String patient;
            try (Copies all = new Copies(service.database(), "SELECT 1")) {
                number = all.text("SELECT rx_number FROM prescription LIMIT 1");
                patient =
                        all.text(
                                "SELECT patient_id::text FROM prescription WHERE rx_number = '"
                                        + number
                                        + "'");
                all.change(
                        "UPDATE prescription_line SET (authored_on, authored_to, updated_at) ="
                                + " (SELECT t, t, t FROM (SELECT now() - interval '300 days' AS t)"
                                + " x) WHERE prescription_id IN"
                                + " (SELECT id FROM prescription LIMIT 20)");
            }
            fill(service.database());
            LocalDate day = LocalDate.now(ZoneId.of("Asia/Shanghai")).minusDays(300);
            Map<String, String> asked = new LinkedHashMap<>();
            asked.put("Task by number", "/Task?group-identifier=" + number);
            asked.put("line by number", "/MedicationRequest?group-identifier=" + number);
            asked.put("Task by patient", "/Task?patient=" + patient);
            asked.put("line by patient", "/MedicationRequest?patient=" + patient);
            asked.put("line by its number", "/MedicationRequest?identifier=" + number + "-1");
            asked.put("line by its drug", "/MedicationRequest?code=" + CODE);
            asked.put("line by no such drug", "/MedicationRequest?code=none");
            asked.put("line by an own number", "/MedicationRequest?identifier=own%7C17");
            asked.put("line by an own code", "/MedicationRequest?code=https://his.example%7C17");
            asked.put("dispense by an own code", "/MedicationDispense?code=his.example%7C17");
            asked.put("Task newest", "/Task");
            asked.put("line newest", "/MedicationRequest");
            asked.put("line of a day", "/MedicationRequest?authoredon=" + day);
            asked.put(
                    "line of a week",
                    "/MedicationRequest?authoredon=ge%s&authoredon=lt%s"
                            .formatted(day, day.plusDays(7)));
            asked.put("line of no day", "/MedicationRequest?authoredon=2001-01-01");
            asked.put(
                    "line since, oldest first",
                    "/MedicationRequest?_sort=authoredon&authoredon=ge" + day);
            asked.put("line of later days", "/MedicationRequest?authoredon=gt2090");
            asked.put("Task of a day", "/Task?authored-on=" + day);
            Client hospital = new Client(service, "hospital-1");
            asked.forEach((name, path) -> time(hospital, name, path));
        }
    }

    private static void time(Client hospital, String name, String path) {
        double[] taken = new double[TIMES];
        int found = 0;
        for (int i = 0; i < TIMES; i++) {
            long began = System.nanoTime();
            Client.Reply reply =
                    hospital.get("/fhir" + path + (path.contains("?") ? "&" : "?") + "_count=20");
            taken[i] = (System.nanoTime() - began) / 1e6;
            assertThat(reply.status()).as(path + reply.raw().body()).isEqualTo(200);
            found = reply.body().path("entry").size();
        }
        Arrays.sort(taken);
        System.out.printf(
                "%-28s %3d found, median %7.1f ms, slowest %7.1f ms%n",
                name, found, taken[TIMES / 2], taken[TIMES - 1]);
    }

    private static void fill(DatabaseAddress at) throws Exception {
        String time = "now() - interval '1 day' - f.i * interval '630 seconds'";
        String hospital = "CASE WHEN f.i % 2 = 0 THEN o.hospital_id ELSE f.other END";
        try (Copies copies =
                new Copies(
                        at,
                        "SELECT i, "
                                + ID
                                + " AS rx, "
                                + ID
                                + " AS line,"
                                + " md5('p' || i % 20000)::uuid AS person,"
                                + " md5('other')::uuid AS other"
                                + " FROM generate_series(1, 100000) i"
                                // Nothing but what is real in the days that are asked for.
                                + " WHERE i * 630 / 86400 NOT BETWEEN 290 AND 302")) {
            copies.of(
                    "prescription",
                    Map.ofEntries(
                            Map.entry("id", "f.rx"),
                            Map.entry("rx_number", "'rx-' || f.rx"),
                            Map.entry("hospital_id", hospital),
                            Map.entry("bundle_id", "gen_random_uuid()"),
                            Map.entry("original_id", "gen_random_uuid()"),
                            Map.entry("patient_id", "f.person"),
                            Map.entry("created_at", time),
                            Map.entry("updated_at", time),
                            Map.entry("valid_from", time),
                            Map.entry("pickup_code_index", "uuid_send(f.rx)")));
            copies.of(
                    "prescription_line",
                    Map.of(
                            "id",
                            "f.line",
                            "prescription_id",
                            "f.rx",
                            "authored_on",
                            time,
                            "authored_to",
                            time + " + interval '999999 microseconds'",
                            "updated_at",
                            time));
        }
        try (Copies persons =
                new Copies(
                        at,
                        "SELECT md5('p' || i)::uuid AS person FROM generate_series(0, 19999) i")) {
            persons.of(
                    "patient", Map.of("id", "f.person", "identifier_index", "uuid_send(f.person)"));
        }
    }
}
