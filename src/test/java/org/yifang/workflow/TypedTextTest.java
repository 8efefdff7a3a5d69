package org.yifang.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.yifang.TestService;
import org.yifang.workflow.Story.Rx;

import java.time.Duration;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.TreeMap;

/// What was typed and not taken is said by its name, does nothing, and is typed only once.
class TypedTextTest {
    private final Story story = new Story(TestService.shared());

    private Browser patient() {
        Browser patient = new Browser(story.service.url());
        patient.cookies().put("yifang-my", story.patient().token());
        return patient;
    }

    private Browser doctor() {
        Browser doctor = new Browser(story.service.url());
        assertThat(doctor.signIn("doctor-1", "doctor-1").status()).isEqualTo(303);
        return doctor;
    }

    @Test
    void a_price_that_cannot_be_read_stays_in_its_field_and_one_that_is_taken_is_what_stands() {
        Rx rx = story.prescribed();
        Browser patient = patient();
        String page = "/my/prices?task=" + rx.id();
        Map<String, String> form = new TreeMap<>();
        form.put("form-token", patient.get(page).formToken());
        form.put("task", rx.id());
        form.put("line", rx.lines().getFirst());
        form.put("price", "1，05");
        Browser.Page taken = patient.post("/my/alert", form);
        assertThat(taken.status()).as(taken.text()).isEqualTo(200);
        assertThat(taken.text()).contains("value=\"1.05\"");
        form.put("price", "一块");
        Browser.Page refused = patient.post("/my/alert", form);
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.text())
                .contains("data-code=\"RX-1406\"", "value=\"一块\" data-typed")
                .doesNotContain("value=\"1.05\"");
        assertThat(patient.get(page).text()).contains("value=\"1.05\"");
    }

    private Browser.Page suspend(Browser doctor, Rx rx, String language, String until) {
        String path = "/prescriptions/" + rx.id();
        Map<String, String> form = new TreeMap<>();
        form.put("form-token", doctor.get(path + "?lang=" + language).formToken());
        form.put("reason", "drug-recall");
        form.put("until", until);
        return doctor.post(path + "/suspend", form);
    }

    @ParameterizedTest
    @ValueSource(strings = {"zh", "en"})
    void an_end_that_cannot_be_read_puts_nothing_on_hold(String language) {
        Rx rx = story.prescribed();
        Browser.Page refused = suspend(doctor(), rx, language, "后天上午");
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.text())
                .contains("data-code=\"RX-1403\"", "“后天上午”", "value=\"后天上午\" data-typed")
                .contains(language.equals("en") ? "Not put on hold" : "没有暂停")
                .contains("<option value=\"drug-recall\" selected")
                .doesNotContain("data-test=\"said\"");
        assertThat(story.state(rx)).isEqualTo("ready/awaiting-claim");
    }

    @Test
    void an_end_is_read_as_browsers_send_it_and_as_people_write_it() {
        DateTimeFormatter written =
                DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm")
                        .withZone(ZoneId.of("Asia/Shanghai"));
        String until = written.format(story.service.clock().instant().plus(Duration.ofDays(2)));
        Browser doctor = doctor();
        for (String typed : new String[] {until, until.replace(' ', 'T')}) {
            Rx rx = story.prescribed();
            Browser.Page held = suspend(doctor, rx, "zh", typed);
            assertThat(held.status()).as(held.text()).isEqualTo(200);
            assertThat(story.state(rx)).startsWith("on-hold/");
        }
        Rx rx = story.prescribed();
        Browser.Page over = suspend(doctor, rx, "zh", "2020-01-01 10:00");
        assertThat(over.status()).isEqualTo(400);
        assertThat(over.text()).contains("value=\"2020-01-01 10:00\" data-typed");
        assertThat(story.state(rx)).isEqualTo("ready/awaiting-claim");
    }
}
