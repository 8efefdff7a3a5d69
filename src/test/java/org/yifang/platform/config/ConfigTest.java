package org.yifang.platform.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.yifang.platform.PrescribingLimits;

import java.util.Map;

/// A region's own limits are read, and a broken one is told in a line.
class ConfigTest {
    @Test
    void without_settings_the_national_limits_hold() {
        assertThat(Config.read(Map.of()).prescribing()).isEqualTo(PrescribingLimits.NATIONAL);
    }

    @Test
    void every_limit_of_prescribing_can_be_set() {
        Config config =
                Config.read(
                        Map.of(
                                "YIFANG_LINES_MOST", "4",
                                "YIFANG_SUPPLY_DAYS", "6",
                                "YIFANG_EMERGENCY_DAYS", "2",
                                "YIFANG_VALIDITY_DAYS", "1",
                                "YIFANG_VALIDITY_CALENDAR_DAY", "true",
                                "YIFANG_LONG_DAYS", "14",
                                "YIFANG_LONG_DAYS_MOST", "56",
                                "YIFANG_COLD_CHAIN_CIRCULATES", "false",
                                "YIFANG_COLD_CHAIN_LONG", "true"));
        assertThat(config.prescribing())
                .isEqualTo(new PrescribingLimits(4, 6, 2, 1, true, 14, 56, false, true));
    }

    @Test
    void the_demonstration_listens_to_this_machine_alone_unless_told_otherwise() {
        assertThat(Config.read(Map.of()).host()).isEqualTo("127.0.0.1");
        assertThat(Config.read(Map.of("YIFANG_DEMONSTRATION", "false")).host())
                .isEqualTo("0.0.0.0");
        assertThat(Config.read(Map.of("YIFANG_HOST", "192.0.2.1")).host()).isEqualTo("192.0.2.1");
    }

    @Test
    void every_fault_is_told_in_a_line_of_its_own() {
        assertThatThrownBy(() ->
                        Config.read(
                                Map.of(
                                        "YIFANG_VALIDITY_DAYS", "4",
                                        "YIFANG_LONG_DAYS", "60",
                                        "YIFANG_LONG_DAYS_MOST", "30")))
                .hasMessageContaining(
                        "YIFANG_VALIDITY_DAYS is `4`; it must be a whole number from 1 to 3.")
                .hasMessageContaining("YIFANG_LONG_DAYS is `60`; it must not be more than");
    }
}
