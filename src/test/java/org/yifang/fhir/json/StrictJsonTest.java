package org.yifang.fhir.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.yifang.platform.problem.Problem;
import org.yifang.platform.problem.Problem.Finding;
import org.yifang.platform.problem.ProblemCode;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

class StrictJsonTest {
    private static List<Finding> findings(String json) {
        return StrictJson.findings(json.getBytes(UTF_8));
    }

    private static List<Finding> findingsOfBytes(String latin1) {
        return StrictJson.findings(latin1.getBytes(ISO_8859_1));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "[]",
                " { \"a\" : [ 1 , -0 , 2.50 , 1e9 , 1E-9 , -0.5e+3 ] } \r\n\t",
                "{\"a\":{\"a\":{\"a\":[{\"a\":1},{\"a\":1}]}}}",
                "[true,false,null,\"\",\"赤壁 😀 \\ud83d\\ude00 \\\" \\\\ \\/ \\n\\r\\t\"]",
                "0",
                "\"a\"",
            })
    void passes_what_is_json(String json) {
        assertThat(findings(json)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "{",
                "[",
                "{]",
                "[1,]",
                "{\"a\":1,}",
                "{,}",
                "{\"a\"}",
                "{\"a\":}",
                "{a:1}",
                "{'a':1}",
                "[01]",
                "[-]",
                "[1.]",
                "[.5]",
                "[+1]",
                "[1e]",
                "[1e+]",
                "[0x1]",
                "[NaN]",
                "[tru]",
                "[nul",
                "[True]",
                "\"a",
                "\"\\x\"",
                "\"\\u12g4\"",
                "\"\\u12",
                "\"\\",
                "[1] 2",
                "{}{}",
                "// c\n{}",
                "[1 2]",
                "\"a\tb\"",
                "\"a\nb\"",
            })
    void refuses_what_is_not_json(String json) {
        assertThat(findings(json))
                .extracting(Finding::code)
                .containsExactly(ProblemCode.UNREADABLE);
    }

    @Nested
    class A_name_that_stands_twice {
        @Test
        void is_refused_with_its_path() {
            assertThat(
                            findings(
                                    "{\"entry\":[{},{\"resource\":{\"status\":\"a\","
                                            + "\"status\":\"b\"}}]}"))
                    .singleElement()
                    .satisfies(one -> {
                        assertThat(one.code()).isEqualTo(ProblemCode.DUPLICATE_NAME);
                        assertThat(one.expression()).isEqualTo("entry[1].resource.status");
                        assertThat(one.detail()).contains("`status`");
                    });
        }

        @Test
        void is_seen_through_escapes() {
            assertThat(findings("{\"\\u0061b\":1,\"ab\":2}")).hasSize(1);
            assertThat(findings("{\"\\u002F\":1,\"\\/\":2}")).hasSize(1);
            assertThat(findings("{\"\\n\":1,\"\\u000a\":2}")).hasSize(1);
            assertThat(findings("{\"😀\":1,\"\\ud83d\\ude00\":2}")).hasSize(1);
            assertThat(findings("{\"\\\\\":1,\"\\\"\":2}")).isEmpty();
        }

        @Test
        void is_told_from_names_that_only_look_alike() {
            assertThat(findings("{\"a\":1,\"A\":2,\"á\":3,\"a\u0301\":4,\"\":5}")).isEmpty();
        }

        @Test
        void is_found_everywhere_at_once() {
            assertThat(findings("[{\"a\":1,\"a\":2},{\"b\":1,\"b\":2,\"b\":3}]"))
                    .extracting(Finding::expression)
                    .containsExactly("[0].a", "[1].b", "[1].b");
            String many = "[" + "{\"a\":1,\"a\":1},".repeat(100) + "{}]";
            assertThat(findings(many)).hasSize(StrictJson.FINDINGS_MAX);
        }

        @Test
        void is_found_in_a_large_object_without_taking_long() {
            String members =
                    IntStream.range(0, 100_000)
                            .mapToObj(i -> "\"n" + i + "\":0")
                            .collect(Collectors.joining(","));
            for (int twin : new int[] {0, 31, 32, 33, 99_999}) {
                assertThat(findings("{" + members + ",\"n" + twin + "\":1}"))
                        .extracting(Finding::expression)
                        .containsExactly("n" + twin);
            }
            assertThat(findings("{" + members + "}")).isEmpty();
        }
    }

    @Nested
    class Texts {
        @ParameterizedTest
        @ValueSource(strings = {"\"\\ud800\"", "\"\\ud800\\u0041\"", "\"\\udc00\"", "\"\\ud800x\""})
        void with_half_a_surrogate_pair_are_refused(String json) {
            assertThat(findings(json))
                    .singleElement()
                    .extracting(Finding::detail)
                    .asString()
                    .contains("surrogate");
        }

        @ParameterizedTest
        @ValueSource(strings = {"\"a\\u0000b\"", "{\"a\\u0000\":1}"})
        void with_nul_are_refused(String json) {
            assertThat(findings(json))
                    .singleElement()
                    .extracting(Finding::detail)
                    .asString()
                    .contains("U+0000");
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "\"a\\u0001b\"",
                    "\"\\b\"",
                    "\"\\f\"",
                    "\"\\u001b\"",
                    "{\"a\\u0007\":1}",
                    "\"\\uFFFE\"",
                    "\"\\uffff\"",
                    "\"\uFFFE\"",
                    "\"\uFFFF\""
                })
        void that_xml_cannot_carry_are_refused(String json) {
            assertThat(findings(json))
                    .singleElement()
                    .extracting(Finding::detail)
                    .asString()
                    .contains("XML 1.0 cannot carry");
        }

        @Test
        void that_xml_cannot_carry_are_told_with_every_place() {
            assertThat(findings("{\"a\":[\"x\",\"\\u0001\"],\"b\":{\"c\":\"\\u001b\"}}"))
                    .extracting(Finding::expression)
                    .containsExactly("a[1]", "b.c");
        }

        @Test
        void of_every_other_kind_pass() {
            assertThat(findings("\"\\t\\n\\r\\u007f\\u0085\\uFFFD\\ud83d\\ude00\"")).isEmpty();
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "\"\u0080\"", // a continuation alone
                    "\"\u00C3\"", // cut short
                    "\"\u00C0\u0080\"", // overlong
                    "\"\u00E0\u0080\u0080\"", // overlong
                    "\"\u00F0\u0080\u0080\u0080\"", // overlong
                    "\"\u00ED\u00A0\u0080\"", // a surrogate
                    "\"\u00F4\u0090\u0080\u0080\"", // beyond Unicode
                    "\"\u00F5\u0080\u0080\u0080\"", // beyond Unicode
                    "\"\u00E8\u00B5", // the body ends
                    "\"\u00B3\u00E0\"", // GB18030
                })
        void that_are_not_utf_8_are_refused(String latin1) {
            assertThat(findingsOfBytes(latin1))
                    .singleElement()
                    .extracting(Finding::detail)
                    .asString()
                    .contains("UTF-8");
        }

        @Test
        void at_the_borders_of_utf_8_pass() {
            assertThat(
                            findings(
                                    "\"\u007F\u0080\u07FF\u0800\uD7FF\uE000\uFFFD\uD800\uDC00"
                                            + "\uDBFF\uDFFF\""))
                    .isEmpty();
        }

        @Test
        void after_a_byte_order_mark_are_refused() {
            assertThat(findings("\uFEFF{}")).hasSize(1);
        }
    }

    @Test
    void nests_to_the_limit_and_no_deeper() {
        int limit = StrictJson.DEPTH_MAX;
        assertThat(findings("[".repeat(limit) + "]".repeat(limit))).isEmpty();
        assertThat(findings("[".repeat(limit + 1) + "]".repeat(limit + 1))).hasSize(1);
        assertThat(findings("[".repeat(1_000_000))).hasSize(1);
        assertThat(findings("{\"a\":".repeat(500_000))).hasSize(1);
    }

    @Test
    void bounds_what_a_number_may_cost() {
        assertThat(findings("[1e308,1E-308,-1e+0000308,0." + "1".repeat(62) + "]")).isEmpty();
        for (String number : List.of("1e309", "1e-309", "1e99999999999", "1".repeat(65))) {
            assertThat(findings("[" + number + "]")).as(number).hasSize(1);
        }
    }

    @Test
    void says_where_it_broke() {
        assertThat(findings("{\n \"a\": [1,\n  x]}"))
                .containsExactly(
                        new Finding(
                                ProblemCode.UNREADABLE,
                                "A JSON value is expected at line 3, byte 3.",
                                "Send JSON by RFC 8259 in UTF-8.",
                                "a[1]",
                                false));
    }

    @Test
    void check_throws_what_was_found() {
        StrictJson.check("{}".getBytes(UTF_8));
        assertThatThrownBy(() -> StrictJson.check("{\"a\":1,\"a\":1}".getBytes(UTF_8)))
                .isInstanceOfSatisfying(
                        Problem.class,
                        problem ->
                                assertThat(problem.code()).isEqualTo(ProblemCode.DUPLICATE_NAME));
    }
}
