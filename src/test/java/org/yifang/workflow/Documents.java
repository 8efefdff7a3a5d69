package org.yifang.workflow;

import com.fasterxml.jackson.databind.node.ObjectNode;

import org.yifang.TestService;

/// Documents for tests that stand elsewhere.
public final class Documents {
    /// A complete document that its hospital has reviewed, with another number each time.
    public static ObjectNode reviewed(TestService service) {
        return new Story(service).document();
    }

    private Documents() {}
}
