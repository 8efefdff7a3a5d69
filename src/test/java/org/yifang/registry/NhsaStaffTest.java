package org.yifang.registry;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The number of a member of staff.
class NhsaStaffTest {
    @ParameterizedTest
    @ValueSource(strings = {"D421281000101", "N421281000101", "YS4212810001", "DA1234567890"})
    void is_taken(String number) {
        assertThat(NhsaStaff.fault(number)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "D42128100010",
                "D4212810001011",
                "N123456789",
                "N1234567890123456789",
                "421281000101",
                "ABC1234567890",
                "d421281000101"
            })
    void is_refused(String number) {
        assertThat(NhsaStaff.fault(number)).isPresent();
        assertThat(NhsaStaff.parse(number)).isEmpty();
    }

    @Test
    void tells_doctors() {
        assertThat(new NhsaStaff("D421281000101").isDoctor()).isTrue();
        assertThat(new NhsaStaff("N421281000101").isDoctor()).isFalse();
    }
}
