package org.yifang;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/// Every alert can be read by Prometheus and leads to a page that says what to do.
class AlertsTest {
    private static final Path ALERTS = Path.of("deploy/prometheus/alerts.yml");

    private static List<String> names() throws IOException {
        return Pattern.compile("- alert: (\\w+)")
                .matcher(Files.readString(ALERTS))
                .results()
                .map(found -> found.group(1))
                .toList();
    }

    @Test
    void every_alert_has_its_page_in_the_runbook() throws IOException {
        String runbook = Files.readString(Path.of("deploy/runbook.md"));
        String alerts = Files.readString(ALERTS);
        assertThat(names())
                .isNotEmpty()
                .allSatisfy(name -> {
                    assertThat(runbook).contains("\n### " + name + "\n");
                    assertThat(alerts)
                            .contains("deploy/runbook.md#" + name.toLowerCase(Locale.ROOT));
                });
    }

    @Test
    void every_metric_of_ours_that_is_asked_for_is_documented() throws IOException {
        String documented = Files.readString(Path.of("docs/operators.md"));
        String asked =
                Files.readString(ALERTS) + Files.readString(Path.of("deploy/grafana/yifang.json"));
        assertThat(
                        Pattern.compile("yifang_[a-z_]+?(?=_bucket|[^a-z_]|$)")
                                .matcher(asked)
                                .results()
                                .map(MatchResult::group)
                                .distinct())
                .allSatisfy(metric -> assertThat(documented).contains('`' + metric));
    }

    @Test
    void promtool_accepts_them() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/promtool")), "promtool is not installed");
        Process check =
                new ProcessBuilder("/usr/bin/promtool", "check", "rules", ALERTS.toString())
                        .redirectErrorStream(true)
                        .start();
        String said = new String(check.getInputStream().readAllBytes(), UTF_8);
        assertThat(check.waitFor()).as(said).isZero();
    }
}
