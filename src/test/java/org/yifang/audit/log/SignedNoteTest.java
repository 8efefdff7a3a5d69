package org.yifang.audit.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.yifang.audit.event.Hash;

import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;

/// Notes, checkpoints and cosignatures against the examples of C2SP signed-note and RFC 8032.
class SignedNoteTest {
    /// RFC 8032 section 7.1, test 1.
    private static final byte[] SEED =
            HexFormat.of()
                    .parseHex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60");

    private static final byte[] RFC_8032_KEY =
            HexFormat.of()
                    .parseHex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");

    private static final NoteSigner SIGNER =
            new NoteSigner("log.example/audit", NoteKey.Kind.ED25519, SEED);

    @Nested
    class Published_examples {
        private static final String VKEY =
                "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";
        private static final String NOTE =
                """
                This is an example message.

                — example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlT\
                gK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=
                """;

        @Test
        void the_note_of_the_specification_is_signed_by_its_key() {
            assertThat(SignedNote.parse(NOTE).isSignedBy(NoteKey.parse(VKEY))).isTrue();
            assertThat(NoteKey.parse(VKEY).vkey()).isEqualTo(VKEY);
        }

        @Test
        void one_changed_letter_breaks_it() {
            String changed = NOTE.replace("example message", "example messagE");
            assertThat(SignedNote.parse(changed).isSignedBy(NoteKey.parse(VKEY))).isFalse();
        }

        @Test
        void a_seed_gives_the_public_key_of_rfc_8032() {
            assertThat(SIGNER.verifier().vkey()).endsWith(base64(RFC_8032_KEY));
        }

        @Test
        void a_signature_is_that_of_rfc_8032_over_the_text() {
            assertThat(HexFormat.of().formatHex(SIGNER.sign("").signature()))
                    .startsWith("e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155");
        }
    }

    @Nested
    class Notes {
        @Test
        void a_note_is_read_as_it_was_written() {
            SignedNote note = new SignedNote("a\n\nb\n", List.of(SIGNER.sign("a\n\nb\n")));
            SignedNote read = SignedNote.parse(note.format());
            assertThat(read.text()).isEqualTo("a\n\nb\n");
            assertThat(read.isSignedBy(SIGNER.verifier())).isTrue();
        }

        @Test
        void signatures_of_strangers_are_no_signatures_and_no_harm() {
            NoteSigner stranger =
                    new NoteSigner("other.example", NoteKey.Kind.ED25519, new byte[32]);
            SignedNote note =
                    new SignedNote("a\n", List.of(stranger.sign("b\n"), SIGNER.sign("a\n")));
            assertThat(note.isSignedBy(SIGNER.verifier())).isTrue();
            assertThat(note.isSignedBy(stranger.verifier())).isFalse();
        }

        @Test
        void a_second_wrong_signature_of_the_same_key_spoils_the_note() {
            SignedNote note =
                    new SignedNote("a\n", List.of(SIGNER.sign("a\n"), SIGNER.sign("b\n")));
            assertThat(note.isSignedBy(SIGNER.verifier())).isFalse();
        }

        @Test
        void what_is_no_note_is_refused() {
            assertThatThrownBy(() -> SignedNote.parse("text only\n")).hasMessageContaining("text");
            assertThatThrownBy(() -> SignedNote.parse("a\tb\n\n— a AAAA\n"))
                    .hasMessageContaining("control");
            assertThatThrownBy(() -> SignedNote.parse("a\n\n- a AAAAAAAA\n"))
                    .hasMessageContaining("no signature line");
            assertThatThrownBy(() -> SignedNote.parse(new byte[] {(byte) 0xff}))
                    .hasMessageContaining("UTF-8");
        }

        @Test
        void a_verifier_key_with_another_id_is_refused() {
            String vkey = SIGNER.verifier().vkey();
            String[] parts = vkey.split("\\+", 3);
            assertThatThrownBy(() -> NoteKey.parse(parts[0] + "+00000000+" + parts[2]))
                    .hasMessageContaining("key id");
            assertThatThrownBy(() -> NoteKey.parse("nonsense")).hasMessageContaining("three parts");
        }
    }

    @Nested
    class Checkpoints {
        private final Checkpoint checkpoint =
                new Checkpoint("log.example/audit", 20_852_163, Hash.ofLeaf(new byte[] {1}));

        @Test
        void a_checkpoint_is_read_as_it_was_written() {
            assertThat(Checkpoint.parse(checkpoint.text())).isEqualTo(checkpoint);
            Checkpoint extended =
                    new Checkpoint("log.example/audit", 0, Hash.EMPTY_ROOT, List.of("more"));
            assertThat(Checkpoint.parse(extended.text())).isEqualTo(extended);
        }

        @Test
        void sizes_have_one_spelling() {
            for (String size : List.of("01", "-1", "", "1e3", "+1", "99999999999999999999")) {
                String text = "o\n" + size + "\n" + Hash.EMPTY_ROOT.base64() + "\n";
                assertThatThrownBy(() -> Checkpoint.parse(text))
                        .isInstanceOf(IllegalArgumentException.class);
            }
        }

        @Test
        void its_origin_must_be_the_name_of_its_key() {
            String text = new Checkpoint("other.example", 1, Hash.EMPTY_ROOT).text();
            SignedNote note = new SignedNote(text, List.of(SIGNER.sign(text)));
            assertThatThrownBy(() -> Checkpoint.verified(note, SIGNER.verifier()))
                    .hasMessageContaining("of the log `other.example`");
        }

        @Test
        void a_witness_signs_the_time_too() {
            NoteSigner witness =
                    new NoteSigner("witness.example/w1", NoteKey.Kind.COSIGNATURE, new byte[32]);
            Instant noon = Instant.parse("2026-03-01T12:00:00Z");
            SignedNote.Signed line = witness.cosign(checkpoint.text(), noon);
            SignedNote note = new SignedNote(checkpoint.text(), List.of(line));
            assertThat(Cosignature.of(note, witness.verifier()))
                    .isEqualTo(new Cosignature("witness.example/w1", noon));
            line.signature()[7]++;
            assertThat(Cosignature.of(note, witness.verifier())).isNull();
            assertThat(Cosignature.of(note, SIGNER.verifier())).isNull();
        }
    }

    /// The material of a verifier key: the byte of its kind, then the key.
    private static String base64(byte[] key) {
        byte[] material = new byte[33];
        material[0] = 1;
        System.arraycopy(key, 0, material, 1, 32);
        return Base64.getEncoder().encodeToString(material);
    }
}
