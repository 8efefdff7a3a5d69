package org.yifang.audit.log;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.junit.jupiter.api.Test;
import org.yifang.audit.Outsider;
import org.yifang.audit.event.Event;
import org.yifang.audit.event.Hash;
import org.yifang.audit.verify.LogFinding;
import org.yifang.audit.verify.Reconciliation;
import org.yifang.audit.verify.VerifyCommand;

import picocli.CommandLine;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// What the page about the log says is so, and its examples are those of the little log beside it.
class AuditPageTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path LOG = Path.of("docs/examples/audit-log");

    private static String page() throws Exception {
        return Files.readString(Path.of("docs/audit.md"));
    }

    private static String of(String file) throws Exception {
        return Files.readString(LOG.resolve(file));
    }

    /// The block below the comment that names it.
    private static String example(String name) throws Exception {
        Matcher block =
                Pattern.compile("<!-- example: " + name + " -->\n```\n(.*?)```\n", Pattern.DOTALL)
                        .matcher(page());
        assertThat(block.find()).as(name).isTrue();
        return block.group(1);
    }

    private static List<byte[]> entries() throws Exception {
        return EntryBundle.decode(Files.readAllBytes(LOG.resolve("tile/entries/000.p/16")));
    }

    private static List<JsonNode> exported() throws Exception {
        List<JsonNode> events = new ArrayList<>();
        for (String line : of("AuditEvent.ndjson").lines().toList()) {
            events.add(JSON.readTree(line));
        }
        return events;
    }

    private static String verify(String... more) throws Exception {
        StringWriter out = new StringWriter();
        List<String> arguments =
                new ArrayList<>(List.of(LOG.toString(), "--vkey", of("vkey").strip()));
        arguments.addAll(List.of(more));
        int code =
                new CommandLine(new VerifyCommand())
                        .setOut(new PrintWriter(out))
                        .setErr(new PrintWriter(new StringWriter()))
                        .execute(arguments.toArray(String[]::new));
        assertThat(code).as(out.toString()).isZero();
        return out.toString();
    }

    @Test
    void the_log_beside_the_page_is_good() throws Exception {
        assertThat(verify("--checkpoint", LOG.resolve("kept").toString()))
                .contains("log yifang.example/audit, 16 entries")
                .contains("nothing was removed or altered");
        assertThat(verify("--from", "3", "--to", "12")).contains("All is well");
    }

    @Test
    void checkpoint_and_key_of_the_page_are_those_of_the_log() throws Exception {
        assertThat(example("kept")).isEqualTo(of("kept"));
        assertThat(example("vkey")).isEqualTo(of("vkey"));
        NoteKey key = NoteKey.parse(of("vkey").strip());
        SignedNote kept = SignedNote.parse(of("kept"));
        assertThat(Checkpoint.verified(kept, key).size()).isEqualTo(8);
        assertThat(kept.text().getBytes(StandardCharsets.UTF_8)).hasSize(68);
        byte[] raw = Base64.getDecoder().decode(of("vkey").strip().split("\\+", 3)[2]);
        assertThat(page())
                .contains("the key id " + HexFormat.of().formatHex(key.id()) + ",")
                .contains('`' + HexFormat.of().formatHex(raw, 1, 33) + '`');
    }

    @Test
    void every_event_of_the_export_opens_every_commitment() throws Exception {
        List<byte[]> entries = entries();
        List<JsonNode> events = exported();
        assertThat(events).hasSize(12);
        for (JsonNode event : events) {
            byte[] entry = entries.get(Outsider.entryOf(event));
            assertThat(Outsider.unlike(event, entry)).as(event.toString()).isNull();
        }
        // A person who is somebody else is noticed.
        ObjectNode refusal = refusal(events);
        ((ObjectNode) refusal.at("/agent/2")).put("name", "王芳");
        assertThat(Outsider.unlike(refusal, entries.get(9))).isEqualTo("person.name");
    }

    private static ObjectNode refusal(List<JsonNode> events) {
        return (ObjectNode)
                events.stream()
                        .filter(event -> Outsider.entryOf(event) == 9)
                        .findFirst()
                        .orElseThrow();
    }

    @Test
    void the_proof_of_the_page_is_that_of_entry_9() throws Exception {
        byte[] leaf = new byte[0];
        List<Hash> path = new ArrayList<>();
        SignedNote note = null;
        Map<String, String> problem = new TreeMap<>();
        for (JsonNode parameter : JSON.readTree(of("proof.json")).path("parameter")) {
            switch (parameter.path("name").asText()) {
                case "index" -> assertThat(parameter.path("valueString").asText()).isEqualTo("9");
                case "leaf" ->
                        leaf =
                                Base64.getDecoder()
                                        .decode(parameter.path("valueBase64Binary").asText());
                case "hash" ->
                        path.add(Hash.ofBase64(parameter.path("valueBase64Binary").asText()));
                case "checkpoint" ->
                        note = SignedNote.parse(parameter.path("valueString").asText());
                default -> {
                    if (parameter.at("/part/0/valueString").asText().equals("problem")) {
                        problem.put("salt", parameter.at("/part/1/valueBase64Binary").asText());
                        problem.put("value", parameter.at("/part/2/valueString").asText());
                    }
                }
            }
        }
        assertThat(leaf).isEqualTo(entries().get(9)).hasSize(1434);
        assertThat(example("leaf hash")).isEqualTo(Hash.ofLeaf(leaf) + "\n");
        Checkpoint signed = Checkpoint.verified(note, NoteKey.parse(of("vkey").strip()));
        assertThat(signed.size()).isEqualTo(14);
        assertThat(path).hasSize(4);
        assertThat(MerkleProofs.includes(9, Hash.ofLeaf(leaf), 14, path, signed.root())).isTrue();
        String hash =
                Outsider.commitment(
                        Base64.getDecoder().decode(problem.get("salt")), problem.get("value"));
        assertThat(JSON.readTree(leaf).at("/commitments/problem").asText()).isEqualTo(hash);
        assertThat(example("commitment"))
                .isEqualTo(
                        "field   problem\nsalt    %s\nvalue   %s\nhash    %s\n"
                                .formatted(problem.get("salt"), problem.get("value"), hash));
    }

    @Test
    void the_fields_of_the_page_are_those_of_the_leaf_in_their_order() throws Exception {
        String text = page();
        String table =
                text.substring(
                        text.indexOf("<!-- fields: begin -->"),
                        text.indexOf("<!-- fields: end -->"));
        List<String> fields =
                table.lines()
                        .filter(line -> line.startsWith("| `"))
                        .map(line -> line.split("`")[1])
                        .toList();
        assertThat(fields.subList(0, fields.size() - 1))
                .isEqualTo(Event.FIXED)
                .isEqualTo(Outsider.FIELDS);
        assertThat(fields.getLast()).isEqualTo("entity.000");
    }

    @Test
    void every_finding_stands_on_the_page() throws Exception {
        String text = page();
        Stream.concat(Stream.of(LogFinding.Kind.values()), Stream.of(Reconciliation.Kind.values()))
                .forEach(kind -> assertThat(text).contains('`' + kind.name() + '`'));
    }
}
