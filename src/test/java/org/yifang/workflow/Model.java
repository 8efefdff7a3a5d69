package org.yifang.workflow;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// What the contract says of one prescription of two lines, written down from its pages alone and
/// without the state names of the service: plain facts, from which the states are read off.
final class Model {
    static final int NOBODY = -1;
    private static final Duration LEASE = Duration.ofMinutes(30);
    private static final Duration CLAIM_MOST = Duration.ofHours(4);
    private static final Duration WINDOW = Duration.ofDays(7);

    /// How a claim ended, as far as later answers depend on it.
    enum End {
        LEASE,
        RELEASED,
        PATIENT,
        OTHERWISE
    }

    /// Something handed out.
    static final class Handed {
        final int line;
        final int fill;
        final int pharmacy;
        final int quantity;
        int back;

        Handed(int line, int fill, int pharmacy, int quantity) {
            this.line = line;
            this.fill = fill;
            this.pharmacy = pharmacy;
            this.quantity = quantity;
        }
    }

    final int perFill;
    final int fills;
    final boolean inHouse;
    private final Instant validFrom;
    private final Instant validUntil;
    private final Duration interval;
    final List<Handed> handed = new ArrayList<>();
    private final int[] open = new int[2];

    private boolean waitsForReview;
    private boolean approved;
    private boolean refused;
    private boolean cancelled;
    private boolean over;
    private boolean done;
    private boolean betweenFills;
    private boolean suspended;
    private @Nullable Instant suspendedUntil;
    private int fill = 1;
    private int chosen = NOBODY;

    private int holder = NOBODY;
    private int claimant = NOBODY;
    private int claims;

    /// Who held it once sees it for good; for all others it does not exist.
    private final Set<Integer> seen = new HashSet<>();

    private @Nullable End end;
    private boolean dispensedUnderClaim;
    private Instant leaseUntil = Instant.MIN;
    private Instant leaseMost = Instant.MIN;

    Model(
            int perFill,
            int fills,
            boolean inHouse,
            boolean waitsForReview,
            Instant validFrom,
            Instant validUntil,
            Duration interval) {
        this.perFill = perFill;
        this.fills = fills;
        this.inHouse = inHouse;
        this.waitsForReview = waitsForReview;
        this.validFrom = validFrom;
        this.validUntil = validUntil;
        this.interval = interval;
        open[0] = perFill;
        open[1] = perFill;
    }

    private int out(int line) {
        return handed.stream()
                .filter(one -> one.line == line)
                .mapToInt(one -> one.quantity - one.back)
                .sum();
    }

    private boolean nothingOut() {
        return out(0) + out(1) == 0;
    }

    private boolean begun() {
        return open[0] < perFill || open[1] < perFill;
    }

    private Instant opens(int which) {
        return validFrom.plus(interval.multipliedBy(which - 1L));
    }

    private Instant closes() {
        if (fill == 1) {
            return validUntil;
        }
        Instant window = opens(fill).plus(WINDOW);
        return fill < fills && opens(fill + 1).isBefore(window) ? opens(fill + 1) : window;
    }

    private boolean isFinal() {
        return refused || cancelled || over || done;
    }

    /// `status/business-status` of the Task.
    String state() {
        if (refused) {
            return "rejected/review-refused";
        }
        if (cancelled) {
            return nothingOut() ? "cancelled/cancelled" : "completed/rest-cancelled";
        }
        if (over) {
            return nothingOut() ? "failed/expired" : "failed/rest-expired";
        }
        if (done) {
            return "completed/dispensed";
        }
        if (suspended) {
            return "on-hold/suspended";
        }
        if (waitsForReview) {
            return "requested/awaiting-review";
        }
        if (holder != NOBODY) {
            return begun() ? "in-progress/partly-dispensed" : "in-progress/claimed";
        }
        if (betweenFills) {
            return "ready/awaiting-next-fill";
        }
        return begun() ? "ready/rest-awaiting-claim" : "ready/awaiting-claim";
    }

    int open(int line) {
        return open[line];
    }

    /// `status` of the line; `stopped` stands for `cancelled` too.
    String lineStatus(int line) {
        if (open[line] == 0 && fill == fills && out(line) > 0) {
            return "completed";
        }
        if (isFinal()) {
            return "stopped";
        }
        return suspended ? "on-hold" : "active";
    }

    /// What time has done up to `now`.
    void pass(Instant now) {
        boolean changed = true;
        while (changed && !isFinal()) {
            changed = false;
            Instant until = suspendedUntil;
            if (suspended && until != null && !now.isBefore(until)) {
                suspended = false;
                changed = true;
            } else if (holder != NOBODY) {
                if (!now.isBefore(leaseUntil)) {
                    free(End.LEASE);
                    changed = true;
                }
            } else if (betweenFills) {
                if (!suspended && !now.isBefore(opens(fill + 1))) {
                    fill++;
                    open[0] = perFill;
                    open[1] = perFill;
                    betweenFills = false;
                    changed = true;
                }
            } else if (!now.isBefore(closes())) {
                changed = true;
                if (nothingOut() || fill == fills) {
                    over = true;
                } else {
                    awaitNext();
                }
            }
        }
    }

    /// The choice of a pharmacy is for one fill: one made from now on is for the next.
    private void awaitNext() {
        betweenFills = true;
        chosen = NOBODY;
    }

    private void free(End why) {
        if (holder != NOBODY) {
            end = why;
            holder = NOBODY;
        }
    }

    /// Why the prescription is not open, null when it is.
    private @Nullable String blocked() {
        if (refused) {
            return "RX-2012";
        }
        if (cancelled) {
            return "RX-2005";
        }
        if (over) {
            return "RX-2006";
        }
        if (suspended) {
            return "RX-2007";
        }
        if (done) {
            return "RX-2008";
        }
        if (waitsForReview) {
            return "RX-2001";
        }
        return betweenFills ? "RX-2014" : null;
    }

    /// Every command answers with its RX code, empty when it is done.
    String review(boolean approve) {
        if (approve && approved) {
            return "";
        }
        if (refused) {
            return approve ? "RX-2012" : "";
        }
        if (waitsForReview && !suspended && !isFinal()) {
            waitsForReview = false;
            approved = approve;
            refused = !approve;
            return "";
        }
        if (!approved && !refused) {
            // It waits no longer, and who did not review it does not see it.
            return "RX-1004";
        }
        String why = blocked();
        boolean finished = (cancelled || over) && !nothingOut();
        return why == null || finished || done || betweenFills ? "RX-2310" : why;
    }

    String cancel() {
        if (cancelled) {
            return "";
        }
        if (isFinal()) {
            return String.valueOf(blocked());
        }
        cancelled = true;
        free(End.OTHERWISE);
        return "";
    }

    String suspend(@Nullable Instant until) {
        if (isFinal()) {
            return String.valueOf(blocked());
        }
        suspended = true;
        suspendedUntil = until;
        free(End.OTHERWISE);
        return "";
    }

    String resume() {
        if (isFinal()) {
            return String.valueOf(blocked());
        }
        suspended = false;
        return "";
    }

    private boolean isElsewhere(int pharmacy, boolean houses) {
        return (inHouse && !houses) || (chosen != NOBODY && chosen != pharmacy);
    }

    String choose(int pharmacy, boolean houses) {
        String why = blocked();
        if (why != null && !why.equals("RX-2001") && !why.equals("RX-2014")) {
            return why;
        }
        if (pharmacy != NOBODY && inHouse && !houses) {
            return "RX-2009";
        }
        if (pharmacy != chosen && pharmacy != NOBODY && holder != NOBODY && holder != pharmacy) {
            return "RX-2002";
        }
        chosen = pharmacy;
        return "";
    }

    String claim(int pharmacy, boolean houses, Instant now) {
        String why = blocked();
        if (why != null) {
            return why;
        }
        if (holder == pharmacy) {
            return "";
        }
        if (isElsewhere(pharmacy, houses)) {
            return "RX-2009";
        }
        if (holder != NOBODY) {
            return "RX-2002";
        }
        holder = pharmacy;
        claimant = pharmacy;
        seen.add(pharmacy);
        claims++;
        end = null;
        dispensedUnderClaim = false;
        leaseUntil = now.plus(LEASE);
        leaseMost = now.plus(CLAIM_MOST);
        return "";
    }

    /// How many claims there have been: the newest claim's token.
    int claims() {
        return claims;
    }

    /// Why the pharmacy with the token of that claim (0: none) does not hold it.
    private @Nullable String notHolder(int pharmacy, int claim) {
        if (!seen.contains(pharmacy)) {
            return "RX-1004";
        }
        String why = blocked();
        if (why != null) {
            return why;
        }
        if (holder != NOBODY && holder != pharmacy) {
            return "RX-2002";
        }
        if (claim > 0 && claim < claims) {
            return "RX-2004";
        }
        return holder == pharmacy && claim == claims ? null : "RX-2003";
    }

    String renew(int pharmacy, int claim, Instant now) {
        String why = notHolder(pharmacy, claim);
        if (why != null) {
            return why;
        }
        Instant wanted = now.plus(LEASE);
        leaseUntil = wanted.isBefore(leaseMost) ? wanted : leaseMost;
        return "";
    }

    String release(int pharmacy, int claim) {
        boolean again = claimant == pharmacy && claim == claims && end == End.RELEASED;
        String why = again ? null : notHolder(pharmacy, claim);
        if (why == null) {
            free(End.RELEASED);
        }
        return why == null ? "" : why;
    }

    String releaseByPatient() {
        if (end == End.PATIENT) {
            return "";
        }
        String why = blocked();
        if (why != null) {
            return why;
        }
        if (holder == NOBODY) {
            return "RX-2003";
        }
        if (dispensedUnderClaim) {
            return "RX-2008";
        }
        free(End.PATIENT);
        return "";
    }

    String dispense(int pharmacy, int claim, int line, int quantity, boolean keep, Instant now) {
        String why = notHolder(pharmacy, claim);
        boolean late =
                "RX-2003".equals(why)
                        && claimant == pharmacy
                        && claim == claims
                        && end == End.LEASE;
        if (why != null && !late) {
            return why;
        }
        if (quantity > open[line]) {
            return "RX-2011";
        }
        open[line] -= quantity;
        handed.add(new Handed(line, fill, pharmacy, quantity));
        dispensedUnderClaim = true;
        if (open[0] + open[1] == 0) {
            free(End.OTHERWISE);
            done = fill == fills;
            if (!done) {
                awaitNext();
            }
        } else if (!keep) {
            free(End.OTHERWISE);
        }
        return "";
    }

    String takeBack(int which, int quantity, Instant now) {
        Handed one = handed.get(which);
        if (quantity > one.quantity - one.back) {
            return "RX-2011";
        }
        one.back += quantity;
        boolean valid = holder != NOBODY || now.isBefore(closes());
        boolean ended = cancelled || over;
        if (one.fill == fill && ended) {
            open[one.line] = Math.min(perFill, open[one.line] + quantity);
        } else if (one.fill == fill && valid) {
            open[one.line] = Math.min(perFill, open[one.line] + quantity);
            done = false;
            betweenFills = false;
        } else if (nothingOut() && (done || betweenFills)) {
            done = false;
            betweenFills = false;
            over = true;
            suspended = false;
        }
        if (nothingOut() && (cancelled || over)) {
            // As if nothing had ever been handed out.
            open[0] = perFill;
            open[1] = perFill;
        }
        return "";
    }
}
