package org.yifang.prescription.paper;

import org.hl7.fhir.r4.model.Reference;
import org.jspecify.annotations.Nullable;

import java.util.UUID;

/// References to resources of ours.
public final class References {
    /// The id in a reference to a resource of this type, null when it is another or none of ours.
    public static @Nullable UUID id(Reference reference, String type) {
        String text = reference.getReference();
        if (text == null) {
            return null;
        }
        int slash = text.lastIndexOf('/');
        boolean right = slash < 0 || ("/" + text.substring(0, slash)).endsWith("/" + type);
        try {
            return right ? UUID.fromString(text.substring(slash + 1)) : null;
        } catch (IllegalArgumentException none) {
            return null;
        }
    }

    private References() {}
}
