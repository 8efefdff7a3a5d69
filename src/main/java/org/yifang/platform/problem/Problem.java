package org.yifang.platform.problem;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;

/// The one exception for what is answered to a caller: one or more findings, all at once.
public class Problem extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /// What a caller is told to wait, in seconds, when the service cannot answer now.
    public static final int RETRY_AFTER_SECONDS = 2;

    /// One finding.
    ///
    /// @param code what kind of problem
    /// @param detail a full sentence: what is wrong, with the offending value in backticks
    /// @param remedy what would be right, or null when the detail says it
    /// @param expression FHIRPath to the fault, or null
    /// @param warning true when it does not stop the request
    public record Finding(
            ProblemCode code,
            String detail,
            @Nullable String remedy,
            @Nullable String expression,
            boolean warning) {
        public Finding(ProblemCode code, String detail) {
            this(code, detail, null, null, false);
        }

        public Finding(ProblemCode code, String detail, String remedy) {
            this(code, detail, remedy, null, false);
        }
    }

    private final transient List<Finding> findings;
    private final transient Map<String, String> headers;

    public Problem(ProblemCode code, String detail) {
        this(List.of(new Finding(code, detail)), Map.of());
    }

    public Problem(ProblemCode code, String detail, String remedy) {
        this(List.of(new Finding(code, detail, remedy)), Map.of());
    }

    public Problem(List<Finding> findings) {
        this(findings, Map.of());
    }

    /// With answer headers, as `Location` or `Retry-After`.
    public Problem(List<Finding> findings, Map<String, String> headers) {
        super(
                findings.getFirst().code().code() + " " + findings.getFirst().detail(),
                null,
                false,
                false);
        this.findings = List.copyOf(findings);
        this.headers = Map.copyOf(headers);
    }

    /// Too much is asked for at once: nothing was done, and the same may be asked again soon.
    public static Problem busy(String detail) {
        return new Problem(
                List.of(
                        new Finding(
                                ProblemCode.BUSY,
                                detail,
                                "Send the same request again after a moment.")),
                Map.of("Retry-After", String.valueOf(RETRY_AFTER_SECONDS)));
    }

    public List<Finding> findings() {
        return findings;
    }

    public Map<String, String> headers() {
        return headers;
    }

    /// The code that decides the HTTP status: the first that is no warning.
    public ProblemCode code() {
        return findings.stream()
                .filter(finding -> !finding.warning())
                .findFirst()
                .orElse(findings.getFirst())
                .code();
    }
}
