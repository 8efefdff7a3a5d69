package org.yifang.prescription.submit;

import com.fasterxml.jackson.databind.node.ObjectNode;

import org.yifang.fhir.Fhir;
import org.yifang.platform.problem.Problem.Finding;

import java.util.List;

/// A document that was read and judged.
///
/// @param findings all that is wrong with it, and what is to be looked at
/// @param body as it was sent
/// @param json the same as JSON
/// @param hash of its content, empty when it does not meet its profile
record CheckedDocument(
        Submission submission,
        List<Finding> findings,
        byte[] body,
        Fhir.Format format,
        byte[] json,
        ObjectNode tree,
        byte[] hash,
        boolean signed) {
    /// Whether nothing forbids to take it in.
    boolean isFine() {
        return findings.stream().allMatch(Finding::warning);
    }

    /// The prescription's number; a document that is fine has one.
    String number() {
        return submission.numbers().iterator().next();
    }
}
