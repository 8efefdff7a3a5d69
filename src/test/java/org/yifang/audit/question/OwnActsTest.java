package org.yifang.audit.question;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.yifang.prescription.life.Action;

/// What can be done to a prescription is named here by texts, since it stands later: they are still
/// its names.
class OwnActsTest {
    @Test
    void own_acts_that_stay_are_a_sign_in_and_what_is_done_to_a_prescription() {
        assertThat(AuditEventViews.OWN_ACTS)
                .containsExactlyInAnyOrder(
                        "token",
                        Action.CHOOSE_PHARMACY.code(),
                        Action.RELEASE.code(),
                        Action.CONSENT.code());
    }
}
