package org.yifang.console.patient;

import org.yifang.console.frame.Trouble;

import java.util.Comparator;
import java.util.List;

/// A prescription as its patient sees it.
///
/// @param meaning what its state means for the patient, with the reason; empty when plain enough
/// @param left what is left of its validity, in days and hours
/// @param code of the slip, empty when it is over
/// @param holder the pharmacy that is at it
/// @param chosen the pharmacy that the patient chose
/// @param ready since when the drugs lie ready there, empty when they do not
/// @param uncompared why it is not known where to go, empty where that was asked or need not be
/// @param reached prices waited for that are asked now
public record Mine(
        String task,
        String number,
        String state,
        String meaning,
        String hospital,
        String until,
        String left,
        String code,
        String holder,
        String chosen,
        String ready,
        List<Line> lines,
        List<Trouble> uncompared,
        List<Option> options,
        List<Spot> spots,
        List<Course.Alert> reached,
        List<Look> looks) {

    /// One drug.
    public record Line(String name, String dosage, String prescribed, String remaining) {
        /// Whether nothing of it is left to collect.
        public boolean isCollected() {
            return remaining.startsWith("0 ");
        }
    }

    /// A way to get all of it.
    ///
    /// @param pharmacy Organization id of the first stop
    /// @param time way and wait, in hours and minutes
    /// @param inLine minutes of it in line, empty when none is known
    /// @param honoured percent of the prices that its stops showed and then asked for; empty when
    ///   too few were compared
    /// @param held until when what is kept there for the patient is kept, empty where nothing is
    public record Option(
            String kind,
            String pharmacy,
            String total,
            String pays,
            String basis,
            String time,
            int stops,
            List<String> names,
            List<String> stopIds,
            String opens,
            String inLine,
            String honoured,
            String oldest,
            String held,
            List<Item> items) {
        /// How old the oldest of its prices is, as the comparison calls it.
        public String age() {
            List<String> ages = List.of("fresh", "ageing", "stale");
            return items.stream()
                    .map(Item::freshness)
                    .max(Comparator.comparingInt(ages::indexOf))
                    .orElse("");
        }

        /// Whether it is the same way as another, which was best by another measure.
        boolean isSame(Option other) {
            return stopIds.equals(other.stopIds)
                    && total.equals(other.total)
                    && time.equals(other.time);
        }

        /// How many of its drugs the state's volume-based purchasing has bought.
        public long bought() {
            return items.stream().filter(Item::volumePurchased).count();
        }
    }

    /// One line of an option.
    ///
    /// @param pack price of one pack
    /// @param unit price of one tablet, one millilitre
    /// @param type what kind of price it is
    /// @param same how near the product is to what was prescribed
    public record Item(
            String name,
            String pharmacy,
            String packs,
            String price,
            String pack,
            String unit,
            String type,
            String same,
            boolean volumePurchased,
            String observed,
            String freshness) {}

    /// A place on the map, in the units of its drawing.
    ///
    /// @param label number of the card it belongs to; empty for where the patient stands
    public record Spot(String label, String name, int x, int y) {}

    /// Somebody who looked at the patient's data.
    ///
    /// @param of which prescription, empty where the log names none
    public record Look(String at, String who, String what, String of, boolean refused) {}

    /// Another prescription.
    public record Other(
            String task, String number, String state, String written, String hospital) {}

    /// The number of the first card that shows the same way; 0 where it is the first itself.
    public int sameAs(int card) {
        for (int i = 0; i < card; i++) {
            if (options.get(i).isSame(options.get(card))) {
                return i + 1;
            }
        }
        return 0;
    }

    /// Whether prices can be looked at: something can be had of it, today or later.
    public boolean isPriced() {
        return isOpen()
                || state.startsWith("in-progress/")
                || state.equals("ready/awaiting-next-fill")
                || state.equals("requested/awaiting-review");
    }

    public boolean isOpen() {
        return state.equals("ready/awaiting-claim") || state.equals("ready/rest-awaiting-claim");
    }
}
