package org.yifang.registry;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The number of an organization of the insurance.
class NhsaOrganizationTest {
    @Test
    void tells_its_region() {
        NhsaOrganization hospital = new NhsaOrganization("H42128100001");
        assertThat(hospital.region()).isEqualTo("421281");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "H4212810000", "H421281000011", "h42128100001", "X42128100001"})
    void is_refused(String number) {
        assertThat(NhsaOrganization.fault(number)).isPresent();
        assertThat(NhsaOrganization.parse(number)).isEmpty();
    }
}
