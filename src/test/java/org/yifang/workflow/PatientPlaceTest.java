package org.yifang.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.yifang.TestService;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.TreeMap;

/// Where to go, as a patient's page says it: that no pharmacy has the drugs is said only where
/// pharmacies were asked, and the place can be corrected.
class PatientPlaceTest {
    private static final String NOWHERE = "data-test=\"nowhere\"";
    private static final String CARD = "data-test=\"option-cheapest\"";

    private static TestService service;
    private static Browser patient;

    @BeforeAll
    static void open() {
        service = TestService.own(Map.of());
        Story story = new Story(service);
        story.prescribed();
        patient = new Browser(service.url());
        patient.cookies().put("yifang-my", story.patient().token());
    }

    @AfterAll
    static void close() {
        service.close();
    }

    private static Browser.Page from(String language, String latitude, String longitude) {
        Map<String, String> form = new TreeMap<>();
        form.put("form-token", patient.get("/my?lang=" + language).formToken());
        form.put("latitude", latitude);
        form.put("longitude", longitude);
        form.put("yuan-per-hour", "30");
        return patient.post("/my/place", form);
    }

    private static void isRefused(Browser.Page page, String... said) {
        assertThat(page.status()).as(page.text()).isEqualTo(400);
        assertThat(page.text())
                .contains(said)
                .contains("id=\"place\"", "<details open>", CARD)
                .doesNotContain(NOWHERE, "class=\"me\"");
    }

    @Test
    void a_place_that_cannot_be_read_is_told_by_its_name_and_stays_to_be_corrected() {
        isRefused(
                from("zh", "二十九", "113.9"),
                "没有看懂纬度：“二十九”",
                "-90 到 90",
                "value=\"二十九\"",
                "value=\"113.9\"");
        isRefused(from("en", "29.72", "213.9"), "The longitude cannot be read: “213.9”");
        isRefused(from("zh", "29.72", ""), "只填了纬度，没有填经度", "value=\"29.72\"");
        isRefused(from("en", "", "113.9"), "There is a longitude, but no latitude", "neither");
    }

    @Test
    void a_comma_is_read_as_a_point() {
        Browser.Page page = from("zh", "29,72", "113，9");
        assertThat(page.status()).isEqualTo(200);
        assertThat(page.text()).contains("class=\"me\"", "value=\"29,72\"", CARD);
    }

    @Test
    void where_pharmacies_could_not_be_asked_it_is_not_said_that_none_has_the_drugs()
            throws SQLException {
        var at = service.database();
        try (Connection connection =
                        DriverManager.getConnection(at.jdbcUrl(), at.user(), at.password());
                Statement sql = connection.createStatement()) {
            sql.execute("ALTER TABLE stock_hold RENAME COLUMN held_until TO held_away");
            for (String language : new String[] {"zh", "en"}) {
                Browser.Page page = from(language, "29.72", "113.9");
                assertThat(page.text())
                        .contains(
                                language.equals("en")
                                        ? "does not mean that no pharmacy has your drugs"
                                        : "不代表没有药房有货")
                        .contains("data-code=\"RX-", "data-test=\"look-again\"", "id=\"place\"")
                        .contains("value=\"29.72\"")
                        .doesNotContain(NOWHERE, CARD);
            }
            sql.execute("ALTER TABLE stock_hold RENAME COLUMN held_away TO held_until");
        }
        assertThat(patient.get("/my").text()).contains(CARD).doesNotContain(NOWHERE);
    }
}
