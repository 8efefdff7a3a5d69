package org.yifang.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.yifang.platform.config.Config;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Map;

class OutboundTest {
    private static InetAddress at(String address) {
        try {
            return InetAddress.getByName(address);
        } catch (UnknownHostException impossible) {
            throw new IllegalArgumentException(address, impossible);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "127.255.255.255",
                "10.0.0.1",
                "172.16.0.1",
                "172.31.255.255",
                "192.168.1.1",
                "169.254.169.254",
                "100.64.0.1",
                "0.0.0.0",
                "224.0.0.1",
                "255.255.255.255",
                "::1",
                "::",
                "fe80::1",
                "fd00::1",
                "::ffff:127.0.0.1",
                "64:ff9b::a00:1",
                "2002:a00:1::"
            })
    void addresses_within_the_house_are_closed(String address) {
        assertThat(Outbound.PUBLIC.allows(at(address))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.1.1.1", "172.32.0.1", "100.128.0.1", "2606:4700::1111"})
    void public_addresses_are_open(String address) {
        assertThat(Outbound.PUBLIC.allows(at(address))).isTrue();
    }

    @Test
    void a_range_may_be_opened() throws UnknownHostException {
        Outbound outbound = Outbound.of(List.of("127.0.0.0/8", "10.1.0.0/16"));
        assertThat(outbound.allows(at("10.1.255.255"))).isTrue();
        assertThat(outbound.allows(at("10.2.0.0"))).isFalse();
        assertThat(outbound.resolve("localhost")).isEqualTo(at("127.0.0.1"));
        assertThatThrownBy(() -> Outbound.PUBLIC.resolve("localhost"))
                .isInstanceOf(UnknownHostException.class)
                .hasMessageContaining("may not be called");
    }

    @Test
    void what_is_no_range_is_told_at_the_start() {
        assertThatThrownBy(() -> Config.read(Map.of("YIFANG_OUTBOUND_ALLOWED", "intranet")))
                .isInstanceOf(Config.Invalid.class)
                .hasMessageContaining("YIFANG_OUTBOUND_ALLOWED");
        assertThatThrownBy(() -> Outbound.of(List.of("10.0.0.0/33")))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
