package org.yifang.prescription.paper;

/// The identifier systems of a prescription's number and of its lines.
public final class RxNumbers {
    public static final String PRESCRIPTION = "https://yifang.org/fhir/sid/rx-number";
    public static final String LINE = "https://yifang.org/fhir/sid/rx-line";

    private RxNumbers() {}
}
