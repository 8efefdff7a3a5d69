package org.yifang.fhir;

import org.hl7.fhir.r5.utils.validation.constants.ReferenceValidationPolicy;
import org.hl7.fhir.utilities.i18n.I18nConstants;
import org.hl7.fhir.validation.instance.advisor.BasePolicyAdvisorForFullValidation;
import org.jspecify.annotations.Nullable;

import java.util.Set;

/// Looks at references only as far as the document itself goes: nothing is fetched from elsewhere.
final class ReferencePolicy extends BasePolicyAdvisorForFullValidation {
    ReferencePolicy() {
        super(ReferenceValidationPolicy.IGNORE, Set.of());
    }

    /// A fault inside a resource is told once, where it is, and not again at every reference to it.
    @Override
    public boolean isSuppressMessageId(String path, @Nullable String messageId) {
        return I18nConstants.REFERENCE_REF_CANTMATCHCHOICE.equals(messageId);
    }
}
