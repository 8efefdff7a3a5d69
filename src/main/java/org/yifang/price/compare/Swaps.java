package org.yifang.price.compare;

import org.yifang.catalogue.Drug;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// Which drugs pharmacists hold for really equivalent across forms, and which makers not.
///
/// A swap joins two substitution sets; joined pairs form groups (union-find), so that what is
/// equivalent to the same is equivalent.
public final class Swaps {
    public static final Swaps NONE = new Swaps(List.of());

    /// What a pharmacist may find.
    public enum Verdict {
        /// Joins two substitution sets.
        EQUIVALENT,
        /// Keeps two products of one set apart, or two sets, even where others would join them.
        PARTED,
        /// Ends an earlier judgement.
        WITHDRAWN;

        public String code() {
            return name().toLowerCase(Locale.ROOT);
        }

        static Verdict of(String code) {
            return valueOf(code.toUpperCase(Locale.ROOT));
        }
    }

    /// One judgement on a pair.
    ///
    /// @param one substitution set, or drug code for an exclusion
    /// @param other as `one`
    /// @param verdict what was decided
    /// @param approver staff number of who decided
    /// @param reason why
    public record Judgement(
            String one,
            String other,
            Verdict verdict,
            String approver,
            LocalDate on,
            String reason) {}

    // The least member of each member's group.
    private final Map<String, String> groups;
    private final Set<Set<String>> excluded;

    public Swaps(Collection<Judgement> judgements) {
        Map<String, String> parents = new HashMap<>();
        Set<Set<String>> parted = new HashSet<>();
        for (Judgement judgement : judgements) {
            switch (judgement.verdict()) {
                case EQUIVALENT -> {
                    String one = root(parents, judgement.one());
                    String other = root(parents, judgement.other());
                    boolean before = one.compareTo(other) < 0;
                    parents.putIfAbsent(judgement.one(), one);
                    parents.putIfAbsent(judgement.other(), other);
                    parents.put(before ? other : one, before ? one : other);
                }
                case PARTED -> parted.add(Set.of(judgement.one(), judgement.other()));
                case WITHDRAWN -> {}
            }
        }
        Map<String, String> flat = new HashMap<>();
        parents.keySet().forEach(member -> flat.put(member, root(parents, member)));
        groups = Map.copyOf(flat);
        excluded = Set.copyOf(parted);
    }

    private static String root(Map<String, String> parents, String member) {
        String root = member;
        String above = parents.getOrDefault(root, root);
        while (!above.equals(root)) {
            root = above;
            above = parents.getOrDefault(root, root);
        }
        return root;
    }

    /// Whether both drugs' substitution sets are in one group and neither is of a kind that makers
    /// may not be compared in.
    public boolean approved(Drug one, Drug other) {
        return one.comparableAcrossMakers()
                && other.comparableAcrossMakers()
                && !excluded(one, other)
                && !excluded.contains(Set.of(one.substitutionSet(), other.substitutionSet()))
                && sameGroup(one.substitutionSet(), other.substitutionSet());
    }

    /// Whether a pharmacist has parted these two products.
    public boolean excluded(Drug one, Drug other) {
        return !one.code().equals(other.code())
                && excluded.contains(Set.of(one.code().value(), other.code().value()));
    }

    /// Names the group of a substitution set: the least of its members, itself when it is in none.
    public String groupOf(String set) {
        return groups.getOrDefault(set, set);
    }

    boolean sameGroup(String one, String other) {
        return groups.containsKey(one) && groupOf(one).equals(groupOf(other));
    }

    /// The groups, each with its members.
    Collection<List<String>> groups() {
        Map<String, List<String>> members = new HashMap<>();
        groups.forEach((member, group) ->
                members.computeIfAbsent(group, _ -> new ArrayList<>()).add(member));
        return members.values();
    }
}
