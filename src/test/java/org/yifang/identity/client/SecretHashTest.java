package org.yifang.identity.client;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SecretHashTest {
    @Test
    void knows_its_secret_and_no_other() {
        String stored = SecretHash.of("hospital-1", 1_000);
        assertThat(stored).startsWith("pbkdf2-sha256$1000$").doesNotContain("hospital");
        assertThat(SecretHash.matches(stored, "hospital-1")).isTrue();
        assertThat(SecretHash.matches(stored, "hospital-2")).isFalse();
        assertThat(SecretHash.matches(stored, "")).isFalse();
    }

    @Test
    void differs_for_the_same_secret() {
        assertThat(SecretHash.of("a", 1_000)).isNotEqualTo(SecretHash.of("a", 1_000));
    }

    @Test
    void is_pbkdf2_as_others_compute_it() {
        // Python: hashlib.pbkdf2_hmac('sha256', b'password', b'salt1234', 1000)
        assertThat(
                        SecretHash.matches(
                                "pbkdf2-sha256$1000$c2FsdDEyMzQ$GBMH7yNF3CH2y6aUf/"
                                        + "jCqV1Np6jWrzmBYWn7gEQluPU",
                                "password"))
                .isTrue();
    }

    @Test
    void matches_nothing_when_it_is_no_hash() {
        assertThat(SecretHash.matches("", "")).isFalse();
        assertThat(SecretHash.matches("plain", "plain")).isFalse();
        assertThat(SecretHash.matches("md5$1$$", "")).isFalse();
    }
}
