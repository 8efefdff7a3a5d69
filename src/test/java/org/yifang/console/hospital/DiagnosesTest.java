package org.yifang.console.hospital;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/// The county's own list of diagnoses, and the short one.
class DiagnosesTest {
    private static final int COUNTY = 36_000;

    @TempDir Path folder;

    @Test
    void the_short_list_is_found_by_name_initials_and_code() {
        Diagnoses all = Diagnoses.of(null);
        assertThat(all.size()).isGreaterThan(200);
        assertThat(all.find("gxy", 5)).extracting(Diagnoses.Diagnosis::name).contains("高血压病");
        assertThat(all.find("i10", 5).getFirst().code()).startsWith("I10");
        assertThat(all.whole("高血压病")).isEqualTo("I10.x00x002 高血压病");
        assertThat(all.whole("一种新病")).isEqualTo("一种新病");
    }

    @Test
    void a_county_s_list_is_read_with_or_without_a_head_and_searched_at_once() throws IOException {
        StringBuilder csv = new StringBuilder("\uFEFF编码,名称,备注\n");
        for (int i = 0; i < COUNTY; i++) {
            csv.append(
                    "%c%02d.%03dx%03d,疾病名称%d号,\n"
                            .formatted('A' + i % 26, i % 100, i / 100 % 1000, i % 1000, i));
        }
        csv.append("I10.x00x002,\"高血压病\",慢病\nZ99.900,慢性肾脏病5期\n");
        Path file = Files.writeString(folder.resolve("diagnoses.csv"), csv.toString());
        Diagnoses all = Diagnoses.of(file);
        assertThat(all.size()).isEqualTo(COUNTY + 2);
        assertThat(all.find("gxy", 5))
                .extracting(Diagnoses.Diagnosis::code)
                .contains("I10.x00x002");
        assertThat(all.find("肾脏病", 5)).extracting(Diagnoses.Diagnosis::code).contains("Z99.900");
        long begun = System.nanoTime();
        for (int i = 0; i < 20; i++) {
            all.find("疾病名称" + i, 12);
        }
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(5));
    }

    @Test
    void a_file_without_diagnoses_is_told_at_the_start() throws IOException {
        Path file = Files.writeString(folder.resolve("none.csv"), "a,b\n1,2\n");
        assertThatThrownBy(() -> Diagnoses.of(file))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("none.csv");
    }
}
