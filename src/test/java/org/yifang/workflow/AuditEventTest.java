package org.yifang.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.junit.jupiter.api.Test;
import org.yifang.TestService;
import org.yifang.audit.event.Hash;
import org.yifang.audit.event.Leaf;
import org.yifang.audit.log.Checkpoint;
import org.yifang.audit.log.MerkleProofs;
import org.yifang.audit.log.NoteKey;
import org.yifang.audit.log.SignedNote;
import org.yifang.workflow.Client.Reply;

import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/// AuditEvents over HTTP: found by what they tell, proved to whoever may see them.
final class AuditEventTest {
    private final TestService service = TestService.shared();
    private final Story story = new Story(service);
    private final Client auditor = new Client(service, "auditor-1");

    private List<JsonNode> search(Client who, String query) {
        Reply reply = who.get("/fhir/AuditEvent?" + query);
        assertThat(reply.status()).as(reply.raw().body()).isEqualTo(200);
        List<JsonNode> events = new ArrayList<>();
        reply.body()
                .path("entry")
                .forEach(entry -> {
                    if (entry.at("/search/mode").asText().equals("match")) {
                        events.add(entry.path("resource"));
                    }
                });
        return events;
    }

    @Test
    void an_event_is_found_by_everything_it_tells() {
        Client pharmacy =
                new Client(
                        service,
                        "pharmacy-9",
                        Map.of("subject_id", "YS421281000999", "purpose_of_use", "TREAT"));
        Story.Rx rx = story.prescribed();
        assertThat(story.claim(pharmacy, rx).status()).isEqualTo(200);
        String patient = rx.task().at("/for/reference").asText();
        String task = "&entity=Task/" + rx.id();
        List<JsonNode> claims = search(auditor, "subtype=claim" + task);
        assertThat(claims).hasSize(1);
        String id = claims.getFirst().path("id").asText();
        String day = claims.getFirst().path("recorded").asText().substring(0, 10);
        String organization = story.organization("P42128100009");
        for (String query :
                List.of(
                        "patient=" + patient,
                        "patient=" + patient.substring("Patient/".length()),
                        "entity=" + patient,
                        "agent=pharmacy-9",
                        "agent=YS421281000999",
                        "agent=Organization/" + organization,
                        "altid=pharmacy-9",
                        "type=rest",
                        "action=E",
                        "outcome=0",
                        "purpose=TREAT",
                        "organization=P42128100009",
                        "address=127.0.0",
                        "date=ge" + day + "T00:00:00Z",
                        "_id=" + id)) {
            assertThat(search(auditor, "subtype=claim&" + query + task))
                    .as(query)
                    .extracting(event -> event.path("id").asText())
                    .containsExactly(id);
        }
        for (String query :
                List.of(
                        "agent=pharmacy-8",
                        "outcome=4",
                        "purpose=HMARKT",
                        "organization=P42128100008",
                        "address=192.0.2",
                        "date=lt2026-01-01",
                        "action=R")) {
            assertThat(search(auditor, "subtype=claim&" + query + task)).as(query).isEmpty();
        }
        assertThat(auditor.get("/fhir/AuditEvent/" + id).body()).isEqualTo(claims.getFirst());
    }

    @Test
    void a_patient_sees_the_own_trail_and_no_other() {
        Story.Rx rx = story.prescribed();
        String patient = rx.task().at("/for/reference").asText();
        List<JsonNode> trail = search(story.patient(), "_count=50");
        assertThat(trail).isNotEmpty().allMatch(event -> event.toString().contains(patient));
        List<JsonNode> logins = search(auditor, "type=110114&altid=auditor-1&_count=1");
        assertThat(
                        story.patient()
                                .get("/fhir/AuditEvent/" + logins.getFirst().path("id").asText())
                                .status())
                .isEqualTo(404);
        assertThat(story.hospital.get("/fhir/AuditEvent").code()).isEqualTo("RX-1002");
    }

    @Test
    void a_proof_convinces_somebody_who_trusts_only_the_key() throws Exception {
        Story.Rx rx = story.prescribed();
        JsonNode event =
                search(auditor, "subtype=submit-prescription&entity=Task/" + rx.id()).getFirst();
        Reply reply = auditor.get("/fhir/AuditEvent/" + event.path("id").asText() + "/$proof");
        assertThat(reply.status()).as(reply.raw().body()).isEqualTo(200);
        NoteKey key =
                NoteKey.parse(
                        Client.send(auditor.request("/audit/vkey").GET()).raw().body().strip());

        SignedNote note =
                SignedNote.parse(reply.parameter("checkpoint").path("valueString").asText());
        assertThat(note.isSignedBy(key)).isTrue();
        Checkpoint checkpoint = Checkpoint.parse(note.text());
        byte[] entry = bytes(reply.parameter("leaf").path("valueBase64Binary"));
        List<Hash> path = new ArrayList<>();
        for (JsonNode one : reply.body().path("parameter")) {
            if (one.path("name").asText().equals("hash")) {
                path.add(Hash.of(bytes(one.path("valueBase64Binary"))));
            }
        }
        long index = Long.parseLong(reply.parameter("index").path("valueString").asText());
        assertThat(
                        MerkleProofs.includes(
                                index,
                                Hash.ofLeaf(entry),
                                checkpoint.size(),
                                path,
                                checkpoint.root()))
                .isTrue();
        assertThat(
                        MerkleProofs.includes(
                                index + 1,
                                Hash.ofLeaf(entry),
                                checkpoint.size(),
                                path,
                                checkpoint.root()))
                .isFalse();

        Leaf leaf = Leaf.decode(entry);
        assertThat(leaf.id()).hasToString(event.path("id").asText());
        int opened = 0;
        for (JsonNode one : reply.body().path("parameter")) {
            if (one.path("name").asText().equals("commitment")) {
                String field = one.at("/part/0/valueString").asText();
                MessageDigest digest = MessageDigest.getInstance("SHA-256");
                digest.update(bytes(one.at("/part/1/valueBase64Binary")));
                byte[] value =
                        one.at("/part/2/valueString").asText().getBytes(StandardCharsets.UTF_8);
                assertThat(Hash.of(digest.digest(value)))
                        .as(field)
                        .isEqualTo(leaf.commitments().get(field));
                opened++;
            }
        }
        assertThat(opened).isEqualTo(leaf.commitments().size());
    }

    /// Whoever repeats a submission is answered with the Task of a patient, as the first time.
    @Test
    void a_repeated_submission_is_an_event_of_its_patient() {
        JsonNode document = story.document();
        Story.Rx rx = story.prescribed(document);
        assertThat(story.submit(document).status()).isEqualTo(200);
        String patient = rx.task().at("/for/reference").asText();
        assertThat(
                        search(
                                auditor,
                                "subtype=submit-prescription&patient="
                                        + patient
                                        + "&entity=Task/"
                                        + rx.id()))
                .hasSize(2);
    }

    @Test
    void an_id_that_is_none_of_ours_harms_no_later_search() {
        Client reader = new Client(service, "pharmacy-7");
        for (String id : List.of("abc", "1-1-1-1-1", "0198AAAA-0000-7000-8000-000000000000")) {
            assertThat(reader.get("/fhir/Task/" + id).status()).isEqualTo(404);
            assertThat(search(auditor, "agent=pharmacy-7&entity=Task/" + id)).as(id).hasSize(1);
        }
    }

    /// A patient's own trail holds lists with others; to read it is no look at those.
    @Test
    void who_reads_the_own_trail_touches_nobody_else() {
        Story.Rx own = story.prescribed();
        ObjectNode document = story.document();
        ObjectNode person = Story.resource(document, "Patient");
        ((ObjectNode) person.at("/identifier/0")).put("value", "421281196711031029");
        ((ObjectNode) person.at("/name/0")).put("text", "孙月华");
        person.put("gender", "female").put("birthDate", "1967-11-03");
        Story.Rx other = story.prescribed(document);
        String reader = own.task().at("/for/reference").asText();
        String stranger = other.task().at("/for/reference").asText();
        assertThat(stranger).isNotEqualTo(reader);
        story.hospital.get("/fhir/Task?_count=200&_sort=-_lastUpdated");
        List<JsonNode> lists =
                search(auditor, "subtype=search-type&patient=" + reader + "&entity=" + stranger);
        assertThat(lists).isNotEmpty();
        String list = lists.getFirst().path("id").asText();
        JsonNode shown = story.patient().get("/fhir/AuditEvent/" + list).body();
        assertThat(shown.toString()).contains(reader).doesNotContain(stranger);
        assertThat(story.patient().get("/fhir/AuditEvent/" + list + "/$proof").status())
                .isEqualTo(200);
        assertThat(search(auditor, "entity=AuditEvent/" + list + "&patient=" + reader)).hasSize(2);
        assertThat(search(auditor, "entity=AuditEvent/" + list + "&patient=" + stranger)).isEmpty();
        // An auditor's proof opens all of them, and says so.
        auditor.get("/fhir/AuditEvent/" + list + "/$proof");
        assertThat(
                        search(
                                auditor,
                                "subtype=proof&entity=AuditEvent/" + list + "&patient=" + stranger))
                .hasSize(1);
    }

    @Test
    void the_published_log_answers_head_as_get_and_takes_no_large_note() {
        for (String path :
                List.of("checkpoint", "vkey", "checkpoints", "origins", "tile/0/000.p/1")) {
            Reply got = Client.send(auditor.request("/audit/" + path).GET());
            Reply head = Client.send(auditor.request("/audit/" + path).HEAD());
            assertThat(head.status()).as(path).isEqualTo(200).isEqualTo(got.status());
            assertThat(head.raw().body()).isEmpty();
            assertThat(head.raw().headers().firstValue("Content-Type"))
                    .isEqualTo(got.raw().headers().firstValue("Content-Type"));
        }
        assertThat(Client.send(auditor.request("/audit/tile/0/999").HEAD()).status())
                .isEqualTo(404);
        Reply large =
                Client.send(
                        auditor.request("/audit/cosignatures")
                                .POST(
                                        HttpRequest.BodyPublishers.ofByteArray(
                                                new byte[2 * 1024 * 1024])));
        assertThat(large.status()).isEqualTo(413);
        assertThat(large.code()).isEqualTo("RX-1013");
    }

    private static byte[] bytes(JsonNode base64) {
        return Base64.getDecoder().decode(base64.asText());
    }
}
