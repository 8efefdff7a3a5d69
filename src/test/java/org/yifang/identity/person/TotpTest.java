package org.yifang.identity.person;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.time.Instant;

class TotpTest {
    private static final byte[] KEY = "12345678901234567890".getBytes(StandardCharsets.US_ASCII);

    @Test
    void makes_the_codes_of_rfc_6238() {
        assertThat(Totp.code(KEY, 59 / 30)).isEqualTo("287082");
        assertThat(Totp.code(KEY, 1111111109L / 30)).isEqualTo("081804");
        assertThat(Totp.code(KEY, 20000000000L / 30)).isEqualTo("353130");
    }

    @Test
    void takes_a_code_once_and_a_step_early_or_late() {
        Instant now = Instant.ofEpochSecond(1111111109L);
        long step = now.getEpochSecond() / 30;
        assertThat(Totp.step(KEY, "081804", now, 0)).hasValue(step);
        assertThat(Totp.step(KEY, "081804", now, step)).isEmpty();
        assertThat(Totp.step(KEY, "081804", now.plusSeconds(30), 0)).hasValue(step);
        assertThat(Totp.step(KEY, "081804", now.minusSeconds(30), 0)).hasValue(step);
        assertThat(Totp.step(KEY, "081804", now.plusSeconds(90), 0)).isEmpty();
        assertThat(Totp.step(KEY, "", now, 0)).isEmpty();
    }

    @Test
    void writes_a_key_as_rfc_4648() {
        assertThat(Totp.base32("foobar".getBytes(StandardCharsets.US_ASCII)))
                .isEqualTo("MZXW6YTBOI");
    }
}
