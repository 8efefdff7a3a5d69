package org.yifang.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;

import org.junit.jupiter.api.Test;
import org.yifang.TestService;
import org.yifang.audit.Checkpoint;
import org.yifang.audit.Hash;
import org.yifang.audit.Leaf;
import org.yifang.audit.MerkleProofs;
import org.yifang.audit.NoteKey;
import org.yifang.audit.SignedNote;
import org.yifang.workflow.Client.Reply;

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

    private static byte[] bytes(JsonNode base64) {
        return Base64.getDecoder().decode(base64.asText());
    }
}
