package org.yifang.identity.seal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.stream.IntStream;

class SealTest {
    private static final byte[] NAME = "张三 421281195809210020".getBytes(UTF_8);
    private static final String PLACE = "Patient/0198";

    private final String keys = MasterKeys.generate();
    private final Seal seal = new Seal(MasterKeys.parse(keys));

    @Nested
    class A_document {
        @Test
        void opens_with_the_stored_keys_after_a_restart() {
            byte[] patient = seal.newPatientKey();
            DocumentKey fresh = seal.newDocumentKey(patient);
            byte[] sealed = fresh.seal(NAME, PLACE);

            Seal restarted = new Seal(MasterKeys.parse(keys));
            DocumentKey stored = restarted.documentKey(patient, fresh.wrapped());
            assertThat(stored.open(sealed, PLACE)).isEqualTo(NAME);
        }

        @Test
        void shows_nothing_of_its_content_and_differs_at_every_sealing() {
            DocumentKey key = seal.newDocumentKey(seal.newPatientKey());
            byte[] first = key.seal(NAME, PLACE);
            assertThat(new String(first, UTF_8)).doesNotContain("张三").doesNotContain("421281");
            assertThat(first).hasSize(NAME.length + SealingKey.OVERHEAD_BYTES);
            assertThat(key.seal(NAME, PLACE)).isNotEqualTo(first);
        }

        @Test
        void may_be_empty() {
            DocumentKey key = seal.newDocumentKey(seal.newPatientKey());
            assertThat(key.open(key.seal(new byte[0], PLACE), PLACE)).isEmpty();
        }

        @Test
        void does_not_open_at_another_place() {
            DocumentKey key = seal.newDocumentKey(seal.newPatientKey());
            byte[] sealed = key.seal(NAME, PLACE);
            assertThatThrownBy(() -> key.open(sealed, "Patient/0199"))
                    .isInstanceOf(SealBroken.class)
                    .hasMessageNotContaining("张三");
        }

        @Test
        void does_not_open_when_any_single_bit_was_changed() {
            DocumentKey key = seal.newDocumentKey(seal.newPatientKey());
            byte[] sealed = key.seal(NAME, PLACE);
            IntStream.range(0, sealed.length * 8)
                    .forEach(bit -> {
                        byte[] altered = sealed.clone();
                        altered[bit / 8] ^= (byte) (1 << bit % 8);
                        assertThatThrownBy(() -> key.open(altered, PLACE))
                                .isInstanceOf(SealBroken.class);
                    });
        }

        @Test
        void does_not_open_when_cut_short() {
            DocumentKey key = seal.newDocumentKey(seal.newPatientKey());
            byte[] sealed = key.seal(NAME, PLACE);
            for (int length = 0; length < sealed.length; length++) {
                byte[] cut = java.util.Arrays.copyOf(sealed, length);
                assertThatThrownBy(() -> key.open(cut, PLACE)).isInstanceOf(SealBroken.class);
            }
        }

        @Test
        void does_not_open_with_another_patients_key() {
            DocumentKey key = seal.newDocumentKey(seal.newPatientKey());
            byte[] other = seal.newPatientKey();
            assertThatThrownBy(() -> seal.documentKey(other, key.wrapped()))
                    .isInstanceOf(SealBroken.class);
        }
    }

    @Nested
    class A_master_key {
        private final String second =
                keys + "seal.2=" + Base64.getEncoder().encodeToString(new byte[32]);

        @Test
        void is_replaced_without_touching_a_document() {
            byte[] patient = seal.newPatientKey();
            DocumentKey document = seal.newDocumentKey(patient);
            byte[] sealed = document.seal(NAME, PLACE);

            Seal rotated = new Seal(MasterKeys.parse(second));
            assertThat(rotated.isCurrent(patient)).isFalse();
            byte[] rewrapped = rotated.rewrapPatientKey(patient);
            assertThat(rotated.isCurrent(rewrapped)).isTrue();
            for (byte[] either : new byte[][] {patient, rewrapped}) {
                assertThat(rotated.documentKey(either, document.wrapped()).open(sealed, PLACE))
                        .isEqualTo(NAME);
            }
            assertThatThrownBy(() -> seal.patientKey(rewrapped))
                    .isInstanceOf(SealBroken.class)
                    .hasMessageContaining("`seal.2`");
        }

        @Test
        void may_be_one_secret_that_all_keys_derive_from() {
            String secret = Base64.getEncoder().encodeToString(new byte[32]);
            byte[] patient = new Seal(MasterKeys.parse(secret)).newPatientKey();
            assertThat(new Seal(MasterKeys.parse(" " + secret + "\n")).patientKey(patient))
                    .isNotNull();
            MasterKeys keys = MasterKeys.parse(secret);
            assertThat(keys.firstIndexKey()).isNotEqualTo(keys.sealingKey(1).getEncoded());
        }

        @Test
        void of_another_installation_opens_nothing() {
            byte[] patient = seal.newPatientKey();
            Seal other = new Seal(MasterKeys.parse(MasterKeys.generate()));
            assertThatThrownBy(() -> other.patientKey(patient)).isInstanceOf(SealBroken.class);
        }

        @Test
        void seals_what_belongs_to_no_patient_and_keeps_it_apart_from_wrapped_keys() {
            byte[] sealed = seal.seal(NAME, "signing-key/1");
            assertThat(seal.open(sealed, "signing-key/1")).isEqualTo(NAME);
            assertThatThrownBy(() -> seal.open(sealed, "signing-key/2"))
                    .isInstanceOf(SealBroken.class);
            assertThatThrownBy(() -> seal.open(seal.newPatientKey(), "patient-key"))
                    .isInstanceOf(SealBroken.class);
        }
    }

    @Nested
    class The_key_file {
        @TempDir Path folder;

        @Test
        void is_made_once_for_its_owner_only() throws Exception {
            Path file = folder.resolve("new/keys");
            byte[] patient = new Seal(MasterKeys.ofFile(file)).newPatientKey();
            assertThat(Files.getPosixFilePermissions(file))
                    .isEqualTo(PosixFilePermissions.fromString("rw-------"));
            assertThat(new Seal(MasterKeys.ofFile(file)).patientKey(patient)).isNotNull();
            try (var files = Files.list(folder.resolve("new"))) {
                assertThat(files).containsExactly(file);
            }
        }

        @Test
        void is_refused_when_everyone_may_read_it() throws Exception {
            Path file = folder.resolve("keys");
            MasterKeys.ofFile(file);
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
            assertThatThrownBy(() -> MasterKeys.ofFile(file)).hasMessageContaining("chmod 600");
        }

        @Test
        void is_refused_with_a_reason_and_without_showing_a_key() {
            String short31 = Base64.getEncoder().encodeToString(new byte[31]);
            assertThatThrownBy(() -> MasterKeys.parse("seal.1=" + short31 + ",index=" + short31))
                    .hasMessageContaining("`seal.1` is not base64 of 32 bytes")
                    .hasMessageNotContaining(short31);
            assertThatThrownBy(() -> MasterKeys.parse("")).hasMessageContaining("at least one");
            assertThatThrownBy(() -> MasterKeys.parse(keys.replace("seal.1", "seal.0")))
                    .hasMessageContaining("`seal.0`");
            assertThatThrownBy(() -> MasterKeys.parse(keys.replace("seal.1", "seal.65536")))
                    .hasMessageContaining("`seal.65536`");
        }
    }
}
