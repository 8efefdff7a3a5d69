package org.yifang.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.yifang.platform.problem.Problem;

import java.io.StringReader;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

class CsvTest {
    private static List<Csv.Row> read(String text) {
        return Csv.read(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    }

    @Test
    void rows_know_their_line_whatever_ends_it() {
        assertThat(read("a,b\r\n1,2\n3,4"))
                .containsExactly(
                        new Csv.Row(1, List.of("a", "b")),
                        new Csv.Row(2, List.of("1", "2")),
                        new Csv.Row(3, List.of("3", "4")));
    }

    @Test
    void empty_fields_stay_and_the_last_one_too() {
        assertThat(read("a,,\n,b,\n"))
                .containsExactly(
                        new Csv.Row(1, List.of("a", "", "")), new Csv.Row(2, List.of("", "b", "")));
        assertThat(read("a,")).containsExactly(new Csv.Row(1, List.of("a", "")));
    }

    @Test
    void quoted_fields_hold_commas_quotes_and_line_ends() {
        assertThat(read("\"a,b\",\"say \"\"yes\"\"\",\"two\nlines\"\nnext"))
                .containsExactly(
                        new Csv.Row(1, List.of("a,b", "say \"yes\"", "two\nlines")),
                        new Csv.Row(3, List.of("next")));
    }

    @Test
    void comments_blank_lines_and_the_byte_order_mark_are_passed_over() {
        assertThat(read("\uFEFF# made by hand, \"not\" read\n\na\n   \n# end")) //
                .containsExactly(new Csv.Row(3, List.of("a")));
    }

    @Test
    void an_empty_file_has_no_rows() {
        assertThat(read("")).isEmpty();
    }

    @Test
    void a_quote_that_never_ends_is_refused_with_its_line() {
        assertThatThrownBy(() -> read("a\n\"b\nc"))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("line 2");
    }

    @Test
    void bytes_of_another_charset_are_refused_and_read_with_the_right_one() {
        Charset chinese = Charset.forName("GB18030");
        byte[] bytes = "通用名,规格".getBytes(chinese);
        assertThatThrownBy(() -> Csv.read(bytes, StandardCharsets.UTF_8))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("UTF-8");
        assertThat(Csv.read(bytes, chinese)).containsExactly(new Csv.Row(1, List.of("通用名", "规格")));
    }

    /// Rows read some at a time, of a text whose pieces end anywhere.
    private static List<Csv.Row> inParts(String text, int most) {
        List<Csv.Row> all = new ArrayList<>();
        try (CsvRows rows = new CsvRows(new StringReader(text))) {
            for (List<Csv.Row> more = rows.next(most); !more.isEmpty(); more = rows.next(most)) {
                all.addAll(more);
            }
        }
        return all;
    }

    @Test
    void rows_read_some_at_a_time_are_those_of_the_whole() {
        SplittableRandom random = new SplittableRandom(7);
        String[] parts = {
            "a", "", " b ", "\"x,\"\"y\ny\"", "药", ",", "\n", "\r\n", "#c", "\r", "\"q\"z"
        };
        for (int i = 0; i < 2_000; i++) {
            StringBuilder text = new StringBuilder(i % 3 == 0 ? "\uFEFF" : "");
            for (int j = random.nextInt(30); j > 0; j--) {
                text.append(parts[random.nextInt(parts.length)]);
            }
            String whole = text.toString();
            List<Csv.Row> rows;
            try {
                rows = read(whole);
            } catch (Problem unreadable) {
                assertThatThrownBy(() -> inParts(whole, 2)).isInstanceOf(Problem.class);
                continue;
            }
            assertThat(inParts(whole, 1 + i % 4)).as(whole).isEqualTo(rows);
        }
    }

    @Test
    void a_row_without_an_end_takes_bounded_memory() {
        for (String text : List.of("a".repeat(3_000_000), '"' + "a\n".repeat(2_000_000))) {
            assertThatThrownBy(() -> inParts(text, 10)).isInstanceOf(Problem.class);
        }
        assertThat(inParts("#" + "a".repeat(3_000_000) + "\nb", 10))
                .containsExactly(new Csv.Row(2, List.of("b")));
    }
}
