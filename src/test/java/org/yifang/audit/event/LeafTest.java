package org.yifang.audit.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

import org.erdtman.jcs.JsonCanonicalizer;
import org.junit.jupiter.api.Test;
import org.yifang.audit.log.Entries;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.TreeMap;
import java.util.UUID;

/// What the public sees of an event, and how one field of it is opened.
class LeafTest {
    private static final byte[] SALT = "0123456789abcdef".getBytes(StandardCharsets.UTF_8);
    private final Leaf leaf =
            new Leaf(
                    UUID.fromString("01890a5d-ac96-774b-bcce-b302099a8057"),
                    "claim",
                    new TreeMap<>(
                            java.util.Map.of(
                                    "outcome", Commitment.of(SALT, "0"),
                                    "agent.name", Commitment.of(SALT, "张三"),
                                    "purpose", Commitment.of(SALT, null))));

    @Test
    void a_leaf_is_canonical_json_and_is_read_as_it_was_written() throws IOException {
        byte[] entry = leaf.encode();
        assertThat(new JsonCanonicalizer(entry).getEncodedUTF8()).isEqualTo(entry);
        assertThat(Leaf.decode(entry)).isEqualTo(leaf);
        assertThat(new String(entry, StandardCharsets.UTF_8))
                .startsWith("{\"commitments\":{\"agent.name\":\"")
                .endsWith(
                        "\"id\":\"01890a5d-ac96-774b-bcce-b302099a8057\",\"type\":\"claim\","
                                + "\"version\":1}");
    }

    /// Computed by hand: `printf '0123456789abcdef"0"' | sha256sum`.
    @Test
    void entries_of_the_log_are_written_as_leaves_are() {
        for (int slots : new int[] {4, 8, 128, 512}) {
            byte[] commitments = Salts.draw((Event.FIXED.size() + slots) * Hash.LENGTH);
            UUID id = UUID.randomUUID();
            assertThat(Entries.entry(id, "rest", commitments))
                    .isEqualTo(Event.leaf(id, "rest", commitments).encode());
        }
    }

    @Test
    void salts_are_drawn_anew_each_time() {
        assertThat(Salts.draw(64)).isNotEqualTo(Salts.draw(64)).hasSize(64);
    }

    @Test
    void a_commitment_is_the_hash_of_salt_and_canonical_value() {
        assertThat(Commitment.of(SALT, "0"))
                .isEqualTo(
                        Hash.of(
                                Hash.sha256()
                                        .digest(
                                                "0123456789abcdef\"0\""
                                                        .getBytes(StandardCharsets.UTF_8))));
    }

    @Test
    void each_field_opens_alone_and_only_to_its_own_value() {
        assertThat(leaf.opens("agent.name", SALT, "张三")).isTrue();
        assertThat(leaf.opens("agent.name", SALT, "张四")).isFalse();
        assertThat(leaf.opens("agent.name", new byte[16], "张三")).isFalse();
        assertThat(leaf.opens("purpose", SALT, null)).isTrue();
        assertThat(leaf.opens("purpose", SALT, "null")).isFalse();
        assertThat(leaf.opens("no-such-field", SALT, "0")).isFalse();
        // A longer salt could take over letters of the value.
        assertThat(
                        leaf.opens(
                                "outcome",
                                "0123456789abcdef\"".getBytes(StandardCharsets.UTF_8),
                                "0"))
                .isFalse();
    }

    @Test
    void anything_else_is_refused() {
        String json = new String(leaf.encode(), StandardCharsets.UTF_8);
        assertThatThrownBy(() -> decode(json.replace("\"version\":1", "\"version\":2")))
                .hasMessageContaining("version 2");
        assertThatThrownBy(() -> decode(json.replace(",\"id\"", ", \"id\"")))
                .hasMessageContaining("not the JSON of a leaf");
        assertThatThrownBy(() -> decode(json.replace("claim", "Claim")))
                .hasMessageContaining("not the JSON of a leaf");
        assertThatThrownBy(() -> decode(json.replace("\"outcome\":", "\"outcome\": ")))
                .hasMessageContaining("canonical");
        assertThatThrownBy(() -> decode("")).hasMessageContaining("not the JSON of a leaf");
    }

    @Property(tries = 300)
    void strings_are_written_as_rfc_8785_says(@ForAll String text) throws IOException {
        String whole = text.codePoints().anyMatch(c -> c >= 0xd800 && c <= 0xdfff) ? "" : text;
        String array = "[" + Commitment.canonical(whole) + "]";
        assertThat(new JsonCanonicalizer(array).getEncodedString()).isEqualTo(array);
    }

    private static Leaf decode(String json) {
        return Leaf.decode(json.getBytes(StandardCharsets.UTF_8));
    }
}
