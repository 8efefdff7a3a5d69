package org.yifang.identity.signature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.yifang.platform.problem.Problem;

import java.util.List;
import java.util.Set;

class CanonicalJsonTest {
    private static String of(String json) {
        return new String(CanonicalJson.of(json.getBytes(UTF_8)), UTF_8);
    }

    private static String without(String json, String... members) {
        return new String(CanonicalJson.without(json.getBytes(UTF_8), Set.of(members)), UTF_8);
    }

    /// RFC 8785 appendix B: the doubles as bits, and how each is written.
    @ParameterizedTest
    @CsvSource({
        "0000000000000000, 0",
        "8000000000000000, 0",
        "0000000000000001, 5e-324",
        "8000000000000001, -5e-324",
        "7fefffffffffffff, 1.7976931348623157e+308",
        "ffefffffffffffff, -1.7976931348623157e+308",
        "4340000000000000, 9007199254740992",
        "c340000000000000, -9007199254740992",
        "4430000000000000, 295147905179352830000",
        "44b52d02c7e14af5, 9.999999999999997e+22",
        "44b52d02c7e14af6, 1e+23",
        "44b52d02c7e14af7, 1.0000000000000001e+23",
        "444b1ae4d6e2ef4e, 999999999999999700000",
        "444b1ae4d6e2ef4f, 999999999999999900000",
        "444b1ae4d6e2ef50, 1e+21",
        "3eb0c6f7a0b5ed8c, 9.999999999999997e-7",
        "3eb0c6f7a0b5ed8d, 0.000001",
        "41b3de4355555553, 333333333.3333332",
        "41b3de4355555554, 333333333.33333325",
        "41b3de4355555555, 333333333.3333333",
        "41b3de4355555556, 333333333.3333334",
        "41b3de4355555557, 333333333.33333343",
        "becbf647612f3696, -0.0000033333333333333333",
        "43143ff3c1cb0959, 1424953923781206.2",
    })
    void writes_numbers_as_the_rfc_lists_them(String bits, String written) {
        double value = Double.longBitsToDouble(Long.parseUnsignedLong(bits, 16));
        String exact = new java.math.BigDecimal(value).toString();
        assertThat(of("[" + exact + "]")).isEqualTo("[" + written + "]");
    }

    /// RFC 8785 section 3.2.2 and 3.2.3.
    @Test
    void writes_the_examples_of_the_rfc() {
        assertThat(
                        of(
                                """
                                {
                                  "numbers": [333333333.33333329, 1E30, 4.50,
                                              2e-3, 0.000000000000000000000000001],
                                  "string": "\\u20ac$\\u000F\\u000aA'\
                                \\u0042\\u0022\\u005c\\\\\\"\\/",
                                  "literals": [null, true, false]
                                }
                                """))
                .isEqualTo(
                        "{\"literals\":[null,true,false],"
                                + "\"numbers\":[333333333.3333333,1e+30,4.5,0.002,1e-27],"
                                + "\"string\":\"€$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"}");
        assertThat(
                        of(
                                """
                                {"\\u20ac":1,"\\r":2,"\\ufb33":3,"1":4,"\\ud83d\\ude00":5,\
                                "\\u0080":6,"\\u00f6":7}
                                """))
                .isEqualTo(
                        "{\"\\r\":2,\"1\":4,\"\u0080\":6,\"ö\":7,\"€\":1,\"😀\":5,\"\ufb33\":3}");
    }

    @Test
    void is_the_same_for_every_writing_of_one_value() {
        assertThat(of(" {\"b\" : 7.0, \"a\" : [ \"\\u8d64\" ] } "))
                .isEqualTo(of("{\"a\":[\"赤\"],\"b\":7}"));
        String once = of("{\"b\":{\"d\":[],\"c\":{}},\"a\":\"\\\"\"}");
        assertThat(of(once)).isEqualTo(once);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"a\":1,\"a\":2}", "[1e309]", "{", "[-]", "[NaN]", "", "[1] x"})
    void does_not_exist_for_what_is_not_strict(String json) {
        assertThatThrownBy(() -> of(json)).isInstanceOf(Problem.class);
    }

    @Test
    void covers_every_digit_of_what_a_double_carries() {
        for (String exact :
                List.of(
                        "7",
                        "-0",
                        "0.1",
                        "1e308",
                        "123456789.012345",
                        "0.30000000000000004",
                        "900719925474099.0e-3",
                        "1.50000000000000000000",
                        "100000000000000000000")) {
            assertThat(CanonicalJson.isExact(("{\"a\":" + exact + "}").getBytes(UTF_8)))
                    .as(exact)
                    .isTrue();
        }
        for (String more :
                List.of(
                        "9007199254740993",
                        "0.30000000000000004001",
                        "1.0000000000000000001",
                        "12345678901234567890",
                        "9.9999999999999999e308")) {
            assertThat(CanonicalJson.isExact(("[\"1\\\"9\"," + more + "]").getBytes(UTF_8)))
                    .as(more)
                    .isFalse();
        }
        assertThat(CanonicalJson.isExact("[\"12345678901234567890\"]".getBytes(UTF_8))).isTrue();
    }

    @Nested
    class Without_members {
        @Test
        void leaves_out_the_objects_own_members_only() {
            assertThat(without("{\"a\":{\"b\":1},\"b\":[{\"b\":\",}\\\"\"}],\"c\":2}", "b"))
                    .isEqualTo("{\"a\":{\"b\":1},\"c\":2}");
        }

        @Test
        void leaves_first_last_all_or_none() {
            assertThat(without("{\"a\":1,\"b\":2,\"c\":3}", "a")).isEqualTo("{\"b\":2,\"c\":3}");
            assertThat(without("{\"a\":1,\"b\":2,\"c\":3}", "c")).isEqualTo("{\"a\":1,\"b\":2}");
            assertThat(without("{\"a\":1,\"b\":2,\"c\":3}", "a", "c")).isEqualTo("{\"b\":2}");
            assertThat(without("{\"a\":1}", "a")).isEqualTo("{}");
            assertThat(without("{}", "a")).isEqualTo("{}");
            assertThat(without("{\"a\":1}", "b")).isEqualTo("{\"a\":1}");
        }
    }

    @Nested
    class The_same_content {
        private static final String BUNDLE =
                "{\"resourceType\":\"Bundle\",\"meta\":{\"versionId\":\"1\"},\"timestamp\":\"x\","
                        + "\"entry\":[{\"resource\":{\"meta\":{},\"status\":\"active\"}}]}";

        private byte[] hash(String json) {
            return CanonicalJson.contentHash(json.getBytes(UTF_8));
        }

        @Test
        void has_the_same_hash_whatever_its_stamp_and_signature() {
            assertThat(
                            hash(
                                    BUNDLE.replace("\"x\"", "\"y\"")
                                            .replace("\"1\"", "\"2\"")
                                            .replaceFirst(
                                                    "\\{", "{\"signature\":{\"data\":\"\"},")))
                    .isEqualTo(hash(BUNDLE))
                    .hasSize(32);
        }

        @Test
        void ends_where_anything_else_differs() {
            assertThat(hash(BUNDLE.replace("active", "draft"))).isNotEqualTo(hash(BUNDLE));
            assertThat(hash(BUNDLE.replace("{\"meta\":{},", "{"))).isNotEqualTo(hash(BUNDLE));
        }
    }
}
