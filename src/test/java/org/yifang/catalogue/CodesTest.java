package org.yifang.catalogue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CodesTest {
    @Nested
    class Drug_code {
        @ParameterizedTest
        @ValueSource(
                strings = {
                    "XJ01CAA040A001010102699",
                    "XC08CAZ067A001010205491",
                    "XC08CAB037A001020180517",
                    "XC08CAA013A001010100001",
                    "ZA04CAL0139010104029",
                    "T000600045"
                })
        void is_taken(String code) {
            assertThat(DrugCode.fault(code)).isEmpty();
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "",
                    "XC08CAA013A00101010000",
                    "XC08CAA013A0010101000011",
                    "xc08caa013a001010100001",
                    "XC08CA1013A001010100001",
                    "X000600045",
                    "86901110000020",
                    "T00060004",
                    "T00060004512345678901234"
                })
        void is_refused(String code) {
            assertThat(DrugCode.fault(code))
                    .hasValueSatisfying(fault -> assertThat(fault).contains("`" + code + "`"));
            assertThatThrownBy(() -> new DrugCode(code))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Nested
    class Approval_number {
        @ParameterizedTest
        @ValueSource(
                strings = {
                    "国药准字H20184010",
                    "国药准字Z44022063",
                    "国药准字HJ20160123",
                    "国药准字SC20160123",
                    "鄂药制字Z20180001",
                    "H20160123",
                    "HC20160123"
                })
        void is_taken(String number) {
            assertThat(ApprovalNumber.fault(number)).isEmpty();
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "",
                    "国药准字H2018401",
                    "国药准字H201840100",
                    "国药准字X20184010",
                    "国药准字TJ20184010",
                    "国药准字 H20184010",
                    "H2016012",
                    "药制字Z20180001"
                })
        void is_refused(String number) {
            assertThat(ApprovalNumber.fault(number)).isPresent();
            assertThat(ApprovalNumber.parse(number)).isEmpty();
        }
    }

    @Nested
    class Trace_code {
        @Test
        void has_7_to_100_characters() {
            assertThat(TraceCode.fault("1".repeat(6))).isPresent();
            assertThat(TraceCode.fault("1".repeat(7))).isEmpty();
            assertThat(TraceCode.fault("1".repeat(100))).isEmpty();
            assertThat(TraceCode.fault("1".repeat(101))).isPresent();
        }

        @ParameterizedTest
        @ValueSource(strings = {"12345 678", "12345678\t", "1234567８", "1234567\u001D89"})
        void has_no_blanks_and_only_ascii(String code) {
            assertThat(TraceCode.fault(code)).isPresent();
        }
    }
}
