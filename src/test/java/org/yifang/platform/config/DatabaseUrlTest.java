package org.yifang.platform.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import java.util.HashMap;
import java.util.Map;

/// Whatever stands in the address of the database is heeded or refused, never dropped.
class DatabaseUrlTest {
    private static DatabaseAddress read(String url, String... more) {
        Map<String, String> environment = new HashMap<>(Map.of("YIFANG_DATABASE_URL", url));
        for (int i = 0; i < more.length; i += 2) {
            environment.put(more[i], more[i + 1]);
        }
        return Config.read(environment).database();
    }

    @Test
    void credentials_in_it_are_used() {
        DatabaseAddress address = read("postgresql://me:p%40ss+1@db.example:6432/county");
        assertThat(address.user()).isEqualTo("me");
        assertThat(address.password()).isEqualTo("p@ss+1");
        assertThat(address.port()).isEqualTo(6432);
        assertThat(address.toString()).doesNotContain("p@ss");
    }

    @Test
    void credentials_that_contradict_the_variables_are_refused_without_being_repeated() {
        assertThatThrownBy(() ->
                        read(
                                "postgresql://me:secret-one@db/county",
                                "YIFANG_DATABASE_USER",
                                "me",
                                "YIFANG_DATABASE_PASSWORD",
                                "secret-two"))
                .isInstanceOf(Config.Invalid.class)
                .hasMessageContaining("YIFANG_DATABASE_PASSWORD")
                .hasMessageNotContainingAny("secret-one", "secret-two");
    }

    @Test
    void the_mode_of_encryption_reaches_both_clients() {
        DatabaseAddress address = read("postgresql://db.example/county?sslmode=require");
        assertThat(address.jdbcUrl()).contains("sslmode=require");
        assertThat(address.connectOptions().getSslMode().name()).isEqualTo("REQUIRE");
        assertThat(address.connectOptions().getSslOptions().isTrustAll()).isTrue();
    }

    @Test
    void what_is_not_heeded_is_refused() {
        assertThatThrownBy(() -> read("postgresql://db/county?connect_timeout=3"))
                .hasMessageContaining("`connect_timeout`");
        assertThatThrownBy(() -> read("postgresql://db/county?sslmode=always"))
                .hasMessageContaining("`always`");
        assertThatThrownBy(() -> read("postgresql://db/county?sslmode=verify-full"))
                .hasMessageContaining("sslrootcert");
        assertThatThrownBy(() -> read("mysql://me:hush@db/county"))
                .hasMessageContaining("YIFANG_DATABASE_URL")
                .hasMessageNotContaining("hush");
    }
}
