package org.yifang.console.patient;

import com.fasterxml.jackson.databind.JsonNode;

import org.jspecify.annotations.Nullable;
import org.yifang.console.frame.Parameters;
import org.yifang.console.frame.Read;

import java.util.List;
import java.util.Map;

/// How the price of one line's drug went, drawn and as tables.
///
/// @param line id of its MedicationRequest
/// @param lowest unit price of the cheapest pharmacy now, empty where nobody tells one
/// @param reference median over the pharmacies now, empty with too few of them
/// @param sellers how many pharmacies tell a price
/// @param band outline from the first quartile to the third, empty with too few pharmacies
/// @param median line of the medians
/// @param referenceY where the reference line lies; 0 where there is none
/// @param alertNote that the price waited for lies beyond the picture, empty where it does not
public record Course(
        String line,
        String name,
        String unit,
        String lowest,
        String lowestAt,
        String reference,
        int sellers,
        List<Way> ways,
        String band,
        String median,
        int referenceY,
        int alertY,
        String alertNote,
        List<Tick> across,
        List<Tick> up,
        List<String[]> county,
        List<String[]> steps,
        @Nullable Alert alert) {

    /// The steps of one pharmacy.
    public record Way(String name, String price, String path) {}

    /// A mark of an axis.
    public record Tick(int at, String text) {}

    /// What the patient waits for.
    ///
    /// @param reached when it was first asked so little, empty as long as it was not
    public record Alert(String line, String price, String reached, String reachedPrice) {
        static Alert of(JsonNode told) {
            return new Alert(
                    Read.id(Parameters.find(told, "line").path("valueReference")),
                    Read.number(Parameters.find(told, "unit-price").path("valueDecimal")),
                    Read.time(Parameters.find(told, "reached").path("valueInstant")),
                    Read.unitPrice(
                            Parameters.find(told, "reached-unit-price").path("valueDecimal")));
        }

        /// With the drug's name in the place of its line.
        Alert named(Map<String, String> drugs) {
            return new Alert(
                    drugs.getOrDefault("MedicationRequest/" + line, ""),
                    price,
                    reached,
                    reachedPrice);
        }
    }
}
