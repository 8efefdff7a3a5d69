package org.yifang.prescription;

import org.jspecify.annotations.Nullable;
import org.yifang.catalogue.Catalogue;
import org.yifang.catalogue.Drug;
import org.yifang.platform.data.Tx;
import org.yifang.prescription.counter.Sold;
import org.yifang.prescription.life.Moment;
import org.yifang.prescription.life.MomentListener;
import org.yifang.prescription.life.State;
import org.yifang.price.compare.PriceDesk;
import org.yifang.price.sale.SaleDesk;
import org.yifang.registry.Organization;
import org.yifang.registry.Organizations;

import java.util.UUID;

/// Tells prices what becomes of a prescription, within its transaction: packs are kept for the
/// pharmacy chosen, let go when they are not needed any more, and every sale is compared with what
/// was shown.
final class PriceMoments implements MomentListener, Sold {
    private final PriceDesk prices;
    private final SaleDesk sales;
    private final Catalogue catalogue;
    private final Organizations organizations;

    PriceMoments(
            PriceDesk prices, SaleDesk sales, Catalogue catalogue, Organizations organizations) {
        this.prices = prices;
        this.sales = sales;
        this.catalogue = catalogue;
        this.organizations = organizations;
    }

    // An expression, since of a statement the compiler does not ask for every action.
    @Override
    public void hear(Tx tx, Moment moment) {
        Runnable heard =
                switch (moment.action()) {
                    case CHOOSE_PHARMACY -> () -> chosen(tx, moment);
                    case SUBMIT_PRESCRIPTION,
                            REVIEW,
                            CANCEL,
                            SUSPEND,
                            RESUME,
                            CLAIM,
                            RENEW,
                            RELEASE,
                            DISPENSE,
                            TAKE_BACK,
                            PROGRESS,
                            PICKUP_SLIP,
                            ARRIVED,
                            PAID,
                            PREPARED,
                            CONSENT,
                            TIME,
                            REVIEW_OVERDUE ->
                            () -> changed(tx, moment);
                };
        heard.run();
        if (isOver(moment.after().state())) {
            prices.over(tx, moment.after().facts().id());
        }
    }

    private void chosen(Tx tx, Moment moment) {
        UUID task = moment.after().facts().id();
        UUID chosen = moment.after().facts().directedTo();
        Organization pharmacy = chosen == null ? null : organizations.byId(chosen).orElse(null);
        if (pharmacy != null) {
            prices.hold(tx, task, pharmacy, ComparableViews.open(tx, task, catalogue), moment.at());
        } else {
            prices.free(tx, task, moment.at());
        }
    }

    private void changed(Tx tx, Moment moment) {
        if (moment.before() != null && needsNothing(moment.after().state())) {
            prices.free(tx, moment.after().facts().id(), moment.at());
        }
    }

    /// Whether nothing of it can be had any more, today or later.
    private static boolean isOver(State state) {
        return switch (state) {
            case REVIEW_REFUSED, DISPENSED, CANCELLED, REST_CANCELLED, EXPIRED, REST_EXPIRED ->
                    true;
            case AWAITING_REVIEW,
                    AWAITING_CLAIM,
                    CLAIMED,
                    PARTLY_DISPENSED,
                    REST_AWAITING_CLAIM,
                    AWAITING_NEXT_FILL,
                    SUSPENDED ->
                    false;
        };
    }

    /// Whether nobody may come for the packs today. A dispense that completes the fill has used up
    /// what was kept for it already.
    private static boolean needsNothing(State state) {
        return switch (state) {
            case AWAITING_REVIEW, AWAITING_CLAIM, CLAIMED, PARTLY_DISPENSED, REST_AWAITING_CLAIM ->
                    false;
            case REVIEW_REFUSED,
                    AWAITING_NEXT_FILL,
                    DISPENSED,
                    SUSPENDED,
                    CANCELLED,
                    REST_CANCELLED,
                    EXPIRED,
                    REST_EXPIRED ->
                    true;
        };
    }

    @Override
    public @Nullable Long out(Tx tx, Out out) {
        Organization seller = organizations.byId(out.pharmacy()).orElse(null);
        Drug drug = catalogue.find(out.drugCode()).orElse(null);
        if (seller == null || drug == null) {
            return null;
        }
        SaleDesk.Honour honour =
                sales.dispensed(
                        tx,
                        new SaleDesk.Sold(
                                out.dispense(),
                                out.prescription(),
                                out.line(),
                                seller,
                                drug,
                                out.units(),
                                out.split(),
                                out.priceFen(),
                                out.handedOverAt()),
                        out.now());
        return honour == null ? null : honour.offeredFen();
    }

    @Override
    public void back(Tx tx, Back back) {
        Organization seller = organizations.byId(back.pharmacy()).orElse(null);
        Drug drug = catalogue.find(back.drugCode()).orElse(null);
        if (seller != null && drug != null) {
            sales.takenBack(
                    tx,
                    new SaleDesk.Returned(
                            back.dispense(),
                            back.number(),
                            back.prescription(),
                            seller,
                            drug,
                            back.units(),
                            back.valueFen(),
                            back.sellable()),
                    back.at());
        }
    }
}
