package org.yifang.workflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;

import org.junit.jupiter.api.Test;
import org.yifang.TestService;
import org.yifang.workflow.Client.Reply;
import org.yifang.workflow.Story.Rx;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;

/// What does not refuse a prescription but must be seen by who writes it and who hands it out.
final class CautionsTest {
    private static final String NEVER_PRESCRIBED = "421281196402290051";
    private static final String PARTLY_CANCELLED = "421281196402290078";
    private static final String ALSO_TAKING = "421281196402290094";

    private final Story story = new Story(TestService.shared());

    @Test
    void the_same_generic_still_running_from_elsewhere_is_told_without_saying_where() {
        Rx first = story.prescribed();
        Client elsewhere = new Client(story.service, "hospital-2");
        Rx second = story.prescribed();
        assertThat(second.task().toString()).contains("RX-2201").contains("氨氯地平");
        Reply claim = story.claim(story.pharmacy, second);
        String warnings = claim.parameter("warnings").toString();
        assertThat(warnings).as(claim.raw().body()).contains("RX-2201");
        // Neither the other prescription's number nor its hospital can be learned from it.
        assertThat(warnings)
                .doesNotContain(first.id())
                .doesNotContain("H421281")
                .doesNotContain("医院");
        assertThat(elsewhere.get(first.path()).status()).isEqualTo(404);
    }

    @Test
    void who_checks_a_document_is_told_what_runs_and_the_trail_of_the_patient_says_so() {
        String patient = story.prescribed().task().at("/for/reference").asText();
        Reply checked = story.hospital.post("/fhir/Bundle/$validate", story.document().toString());
        assertThat(checked.codes()).as(checked.raw().body()).contains("RX-2201");
        Client auditor = new Client(story.service, "auditor-1");
        String trail = "/fhir/AuditEvent?subtype=validate&_count=1&patient=" + patient;
        await().until(() -> auditor.get(trail).body().path("entry").size() == 1);
    }

    /// As a reviewer whose hospital the document does not come from.
    private Reply asReviewerOfAnother(String path, ObjectNode document) {
        Reply made =
                AdminTest.json(
                        new Client(story.service, "operator-1"),
                        "POST",
                        "/admin/clients",
                        """
                        {"id":"reviewer-elsewhere","role":"reviewer",
                         "organization":"H42128100002","secret":true}\
                        """);
        assertThat(made.status()).as(made.raw().body()).isEqualTo(201);
        String secret = made.body().path("secret").asText();
        String token =
                AdminTest.token(story.service, "reviewer-elsewhere", secret)
                        .body()
                        .path("access_token")
                        .asText();
        return Client.send(
                HttpRequest.newBuilder(URI.create(story.service.url() + path))
                        .header("Authorization", "Bearer " + token)
                        .header("Content-Type", "application/fhir+json")
                        .POST(BodyPublishers.ofString(document.toString())));
    }

    @Test
    void a_reviewer_is_told_of_every_drug_that_runs_and_nobody_whose_business_it_is_not() {
        story.prescribed(forAnother(ALSO_TAKING));
        ObjectNode document = forAnother(story.unreviewed(), ALSO_TAKING);
        Client elsewhere = new Client(story.service, "hospital-2");
        String validate = "/fhir/Bundle/$validate";
        // Before it awaits review, what runs for a person is not a reviewer's business either.
        assertThat(story.reviewer.post(validate, document.toString()).codes())
                .doesNotContain("RX-2201", "RX-2220");
        Rx waiting = story.forTwoReviewers(document);
        Reply told = story.reviewer.post(validate, document.toString());
        assertThat(told.codes()).as(told.raw().body()).contains("RX-2220", "RX-2201");
        assertThat(told.raw().body())
                .contains("另一处方的 `苯磺酸氨氯地平片` 用至 `20")
                .contains("另一处方的 `阿托伐他汀钙片` 仍在使用");
        assertThat(elsewhere.post(validate, document.toString()).codes())
                .doesNotContain("RX-2201", "RX-2220");
        Reply stranger = asReviewerOfAnother(validate, document);
        assertThat(stranger.status()).as(stranger.raw().body()).isEqualTo(200);
        assertThat(stranger.codes()).doesNotContain("RX-2201", "RX-2220");
        Browser reviewing = new Browser(story.service.url());
        assertThat(reviewing.signIn("reviewer-1", "reviewer-1").status()).isEqualTo(303);
        for (String language : List.of("zh", "en")) {
            String page =
                    reviewing.get("/review?lang=" + language + "&task=" + waiting.id()).text();
            String running = page.substring(page.indexOf("data-test=\"running\""));
            assertThat(running.substring(0, running.indexOf("</section>")))
                    .as(language)
                    .containsPattern("苯磺酸氨氯地平片.*20\\d\\d-");
        }
    }

    /// A document for somebody of whom no other test speaks.
    private ObjectNode forAnother(String card) {
        return forAnother(story.document(), card);
    }

    private static ObjectNode forAnother(ObjectNode document, String card) {
        ObjectNode patient = Story.resource(document, "Patient");
        ((ObjectNode) patient.at("/identifier/0")).put("value", card);
        ((ObjectNode) patient.at("/name/0")).put("text", "周国庆");
        patient.put("gender", "male").put("birthDate", "1964-02-29");
        return document;
    }

    @Test
    void a_line_cancelled_before_anything_of_it_was_handed_out_does_not_run() {
        Rx rx = story.prescribed(forAnother(PARTLY_CANCELLED));
        String token = story.claimed(story.pharmacy, rx);
        String first = story.dispense(rx.lines().get(0), 0, "7");
        assertThat(story.dispense(story.pharmacy, rx, token, false, first).status()).isEqualTo(200);
        assertThat(story.cancel(rx).status()).isEqualTo(200);
        assertThat(story.line(rx, 1)).startsWith("cancelled");
        String next = story.prescribed(forAnother(PARTLY_CANCELLED)).task().toString();
        assertThat(next).contains("RX-2201").contains("另一处方的 `苯磺酸氨氯地平片` 仍在使用");
        assertThat(next).doesNotContain("另一处方的 `阿托伐他汀钙片` 仍在使用");
    }

    @Test
    void a_renewal_of_what_the_patient_never_had() {
        ObjectNode document = story.document();
        Rx earlier = story.prescribed(document);
        String number = document.at("/identifier/value").asText();
        assertThat(earlier.id()).isNotBlank();
        assertThat(renewal(story.document(), number)).doesNotContain("RX-2208");
        // An unknown number and that of another patient are told alike.
        assertThat(renewal(story.document(), "H42128100001-nobody")).contains("RX-2208");
        assertThat(renewal(forAnother(NEVER_PRESCRIBED), number)).contains("RX-2208");
    }

    private String renewal(ObjectNode document, String of) {
        for (ObjectNode line : Story.lines(document)) {
            line.putObject("priorPrescription")
                    .putObject("identifier")
                    .put("system", "https://yifang.org/fhir/sid/rx-number")
                    .put("value", of);
        }
        return story.prescribed(document).task().toString();
    }

    @Test
    void an_identity_number_known_by_another_name() {
        story.prescribed();
        ObjectNode document = story.document();
        ((ObjectNode) Story.resource(document, "Patient").at("/name/0")).put("text", "陈秀兰");
        Reply submitted = story.submit(document);
        assertThat(submitted.status()).as(submitted.raw().body()).isEqualTo(201);
        assertThat(submitted.raw().body()).contains("RX-2204");
        // The registry's own name is not given away.
        assertThat(submitted.raw().body()).doesNotContain("陈秀英");
    }
}
