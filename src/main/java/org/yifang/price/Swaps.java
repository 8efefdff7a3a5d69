package org.yifang.price;

import org.yifang.catalogue.Drug;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Which drugs pharmacists hold for really equivalent across forms, and which makers not.
///
/// A swap joins two substitution sets; joined pairs form groups (union-find), so that what is
/// equivalent to the same is equivalent.
public final class Swaps {
    public static final Swaps NONE = new Swaps(List.of());

    /// One judgement on a pair.
    ///
    /// @param one substitution set, or drug code for an exclusion
    /// @param other as `one`
    /// @param equivalent true joins two substitution sets, false parts two products of one set
    /// @param approver staff number of who decided
    /// @param reason why
    public record Judgement(
            String one,
            String other,
            boolean equivalent,
            String approver,
            LocalDate on,
            String reason) {}

    private final Map<String, String> parents = new HashMap<>();
    private final Set<Set<String>> excluded = new HashSet<>();

    public Swaps(Collection<Judgement> judgements) {
        for (Judgement judgement : judgements) {
            if (judgement.equivalent()) {
                union(judgement.one(), judgement.other());
            } else {
                excluded.add(Set.of(judgement.one(), judgement.other()));
            }
        }
    }

    /// Whether both drugs' substitution sets are in one group and neither is of a kind that makers
    /// may not be compared in.
    public boolean approved(Drug one, Drug other) {
        return one.comparableAcrossMakers()
                && other.comparableAcrossMakers()
                && !excluded(one, other)
                && sameGroup(one.substitutionSet(), other.substitutionSet());
    }

    /// Whether a pharmacist has parted these two products.
    public boolean excluded(Drug one, Drug other) {
        return !one.code().equals(other.code())
                && excluded.contains(Set.of(one.code().value(), other.code().value()));
    }

    boolean sameGroup(String one, String other) {
        return parents.containsKey(one) && root(one).equals(root(other));
    }

    /// The groups, each with its members.
    Collection<List<String>> groups() {
        Map<String, List<String>> groups = new HashMap<>();
        for (String member : parents.keySet()) {
            groups.computeIfAbsent(root(member), _ -> new ArrayList<>()).add(member);
        }
        return groups.values();
    }

    private void union(String one, String other) {
        parents.putIfAbsent(one, one);
        parents.putIfAbsent(other, other);
        parents.put(root(one), root(other));
    }

    private String root(String member) {
        String above = parents.getOrDefault(member, member);
        while (!above.equals(member)) {
            // Halves the way for the next who asks.
            String next = parents.getOrDefault(above, above);
            parents.put(member, next);
            member = above;
            above = next;
        }
        return member;
    }
}
