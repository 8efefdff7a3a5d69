package org.yifang.catalogue;

import java.util.Optional;
import java.util.regex.Pattern;

/// The trace code (药品追溯码) printed on one pack of a drug and on no other.
///
/// Three kinds exist side by side: 码上放心 with 20 digits, GS1 element strings on imported drugs, and
/// numbers of the makers' own. All that is common to them is checked.
///
/// @param value 7 to 100 printable ASCII characters without blanks, kept as scanned
public record TraceCode(String value) {
    /// The code as FHIR identifier.
    public static final String SYSTEM = "https://yifang.org/fhir/sid/trace-code";

    private static final Pattern SHAPE = Pattern.compile("[\\x21-\\x7E]{7,100}");
    private static final Pattern MA_SHANG_FANG_XIN = Pattern.compile("8\\d{19}");
    private static final Pattern GS1 = Pattern.compile("01\\d{14}[\\x21-\\x7E]+");
    private static final int PRODUCT_LENGTH = 7;

    /// Who gave the code.
    public enum Scheme {
        /// 码上放心: 20 digits, the first 7 of the product, 13 of the pack.
        MA_SHANG_FANG_XIN,
        /// GS1 with the GTIN in first place.
        GS1,
        /// A number of the maker's own.
        OWN
    }

    /// @throws IllegalArgumentException when [#fault] finds one
    public TraceCode {
        fault(value)
                .ifPresent(fault -> {
                    throw new IllegalArgumentException(fault);
                });
    }

    /// What is wrong with a code, or empty when it is one.
    public static Optional<String> fault(String value) {
        return SHAPE.matcher(value).matches()
                ? Optional.empty()
                : Optional.of(
                        "A trace code has 7 to 100 letters, digits and signs without blanks;"
                                + " this one has %d characters or others."
                                        .formatted(value.length()));
    }

    /// The code, or empty when it is none.
    public static Optional<TraceCode> parse(String value) {
        return fault(value).isPresent() ? Optional.empty() : Optional.of(new TraceCode(value));
    }

    /// Which of the three kinds it has the shape of.
    public Scheme scheme() {
        if (MA_SHANG_FANG_XIN.matcher(value).matches()) {
            return Scheme.MA_SHANG_FANG_XIN;
        }
        return GS1.matcher(value).matches() && gtinFits(value.substring(2, 16))
                ? Scheme.GS1
                : Scheme.OWN;
    }

    /// What names the product in it: 7 digits (药品标识码) or the GTIN; empty for a maker's own.
    public Optional<String> product() {
        return switch (scheme()) {
            case MA_SHANG_FANG_XIN -> Optional.of(value.substring(0, PRODUCT_LENGTH));
            case GS1 -> Optional.of(value.substring(2, 16));
            case OWN -> Optional.empty();
        };
    }

    private static boolean gtinFits(String gtin) {
        int sum = 0;
        for (int i = 0; i < 13; i++) {
            sum += (gtin.charAt(i) - '0') * (i % 2 == 0 ? 3 : 1);
        }
        return (10 - sum % 10) % 10 == gtin.charAt(13) - '0';
    }
}
