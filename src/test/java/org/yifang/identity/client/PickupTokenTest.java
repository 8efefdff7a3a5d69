package org.yifang.identity.client;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;

import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.UUID;

class PickupTokenTest {
    private static final Instant NOON = Instant.parse("2026-03-01T04:00:00Z");
    private static final UUID TASK = UUID.fromString("01975cb1-0000-7000-8000-000000000001");
    private static final byte[] FIRST =
            "{\"resourceType\":\"MedicationRequest\",\"status\":\"active\"}".getBytes(UTF_8);
    private static final byte[] SECOND =
            "{\"resourceType\":\"MedicationRequest\",\"status\":\"draft\"}".getBytes(UTF_8);

    private final SigningKeys keys =
            SigningKeys.of(InstantSource.fixed(NOON), List.of(SigningKeys.generate()));

    private String token() {
        return PickupToken.of(TASK, NOON, NOON.plusSeconds(259_200), List.of(FIRST, SECOND))
                .sign(keys, "http://localhost:8080", InstantSource.fixed(NOON));
    }

    @Test
    void is_read_back_as_it_was_given_out() {
        PickupToken read = PickupToken.read(keys, token()).orElseThrow();
        assertThat(read.taskId()).isEqualTo(TASK);
        assertThat(read.validFrom()).isEqualTo(NOON);
        assertThat(read.validUntil()).isEqualTo(NOON.plusSeconds(259_200));
        assertThat(read.lineHashes()).hasSize(2);
        assertThat(read.lineHashes().getFirst()).isEqualTo(PickupToken.lineHash(FIRST));
        assertThat(read.lineHashes().getLast()).isNotEqualTo(PickupToken.lineHash(FIRST));
    }

    @Test
    void is_verified_offline_by_anybody_with_the_published_keys() throws Exception {
        ECKey published = (ECKey) JWKSet.parse(keys.jwks()).getKeys().getFirst();
        assertThat(JWSObject.parse(token()).verify(new ECDSAVerifier(published))).isTrue();
    }

    @Test
    void names_no_person_and_fits_into_a_small_qr_code() {
        String claims = new String(Base64.getUrlDecoder().decode(token().split("\\.")[1]), UTF_8);
        assertThat(claims)
                .contains("\"task\"", "\"nbf\"", "\"exp\"", "\"lines\"", "\"iss\"", "\"iat\"")
                .hasSizeLessThan(300);
        var five =
                PickupToken.of(TASK, NOON, NOON, List.of(FIRST, FIRST, FIRST, FIRST, FIRST))
                        .sign(keys, "https://rx.chibi.example.cn", InstantSource.fixed(NOON));
        // A QR code of version 20 with error correction M takes 666 bytes.
        assertThat(five.length()).isLessThan(666);
    }

    @Test
    void is_nothing_when_altered_or_of_another_kind() {
        String token = token();
        assertThat(PickupToken.read(keys, token + "A")).isEmpty();
        assertThat(PickupToken.read(keys, "")).isEmpty();
        assertThat(PickupToken.read(keys, keys.sign("at+jwt", java.util.Map.of("task", "x"))))
                .isEmpty();
        SigningKeys others =
                SigningKeys.of(InstantSource.fixed(NOON), List.of(SigningKeys.generate()));
        assertThat(PickupToken.read(others, token)).isEmpty();
    }
}
