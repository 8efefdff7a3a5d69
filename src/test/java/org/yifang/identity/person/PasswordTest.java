package org.yifang.identity.person;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PasswordTest {
    @Test
    void a_hash_matches_its_password_alone() {
        String hash = PasswordHash.of("ein guter Satz", PasswordHash.Cost.DEMONSTRATION);
        assertThat(hash).startsWith("$argon2id$v=19$m=64,t=1,p=1$");
        assertThat(PasswordHash.matches(hash, "ein guter Satz")).isTrue();
        assertThat(PasswordHash.matches(hash, "ein guter satz")).isFalse();
        assertThat(PasswordHash.matches("pbkdf2-sha256$1$a$b", "x")).isFalse();
    }

    @Test
    void the_same_characters_typed_otherwise_are_the_same_password() {
        String hash = PasswordHash.of("caf\u00e9 am Ring", PasswordHash.Cost.DEMONSTRATION);
        assertThat(PasswordHash.matches(hash, "cafe\u0301 am Ring")).isTrue();
    }

    @Test
    void common_short_and_own_passwords_are_not_taken() {
        for (String bad :
                new String[] {
                    "password123",
                    "P@ssw0rd!!2026",
                    "1234567890",
                    "qwertyuiop1",
                    "aaaaaaaaaaaa",
                    "woaini1314520",
                    "wanghong-2026",
                    "Admin@123456"
                }) {
            assertThat(PasswordRules.fault(bad, "wanghong"))
                    .as(bad)
                    .isEqualTo(PasswordRules.Fault.COMMON);
        }
        assertThat(PasswordRules.fault("kurz", "x")).isEqualTo(PasswordRules.Fault.SHORT);
        assertThat(PasswordRules.fault("纸鸢飞过赤壁的老城墙了", "wanghong")).isNull();
        assertThat(PasswordRules.fault("plum-Tidal-94-kettle", "wanghong")).isNull();
    }
}
