package org.yifang.workflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.yifang.TestService;
import org.yifang.platform.config.Config;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;

/// Keys are replaced by an instance that has the newest ones, and by no other.
final class RotationLeftTest {
    private static final String FIRST = key('a');

    private static String key(char filled) {
        byte[] key = String.valueOf(filled).repeat(32).getBytes(StandardCharsets.UTF_8);
        return Base64.getEncoder().encodeToString(key);
    }

    /// The first key and the next ones.
    private static Map<String, String> keys(String first, char next) {
        return Map.of("YIFANG_MASTER_KEY", first + ",seal.2=" + key(next) + ",index.2=" + key('c'));
    }

    @Test
    void a_rotation_waits_for_an_instance_that_has_the_newest_key() throws Exception {
        try (TestService alone = TestService.own(Map.of("YIFANG_MASTER_KEY", FIRST))) {
            String patient = new Story(alone).prescribed().task().at("/for/reference").asText();
            // Another instance was there with the next keys, and is gone.
            TestService.on(alone.database(), keys(FIRST, 'b')).close();
            assertThatThrownBy(() -> TestService.on(alone.database(), keys(FIRST, 'd')))
                    .isInstanceOf(Config.Invalid.class)
                    .hasMessageContaining("`seal.2` is not the key");
            Client operator = new Client(alone, "operator-1");
            String sealing = OperatorJobs.asked(operator, "/admin/keys/sealing/rotate", "");
            String index = OperatorJobs.asked(operator, "/admin/keys/index/rotate", "");
            waits(operator, sealing, "waits for an instance that has `seal.2`");
            waits(operator, index, "waits for an instance that has `index.2`");
            try (TestService next = TestService.on(alone.database(), keys(FIRST, 'b'))) {
                assertThat(OperatorJobs.ended(operator, sealing)).contains("under `seal.2` now");
                assertThat(OperatorJobs.ended(operator, index)).contains("under `index.2` now");
                assertThat(new Story(next).prescribed().task().at("/for/reference").asText())
                        .isEqualTo(patient);
            }
        }
    }

    private static void waits(Client operator, String job, String why) {
        Awaitility.await()
                .until(() -> operator.get(job).body().path("note").asText().contains(why));
        assertThat(operator.get(job).body().path("state").asText()).isEqualTo("waiting");
    }
}
