package org.yifang.console;

import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

import org.yifang.console.bureau.BureauPage;
import org.yifang.console.bureau.BureauWork;
import org.yifang.console.counter.CounterPage;
import org.yifang.console.hospital.PrescriptionsPage;
import org.yifang.console.patient.MyPage;
import org.yifang.console.review.ReviewPage;
import org.yifang.platform.Caller;

import java.time.InstantSource;
import java.util.Optional;
import java.util.function.BiFunction;

/// All pages behind a sign-in, put together.
public final class Console {
    private final Assets assets = new Assets();
    private final MyPage my;
    private final CounterPage counter;
    private final ReviewPage review;
    private final PrescriptionsPage prescriptions;
    private final BureauPage bureau;
    private final BureauWork bureauWork;

    /// @param bearer whose an access token is
    /// @param secure whether people come by https
    public Console(
            Contract contract,
            InstantSource clock,
            BiFunction<RoutingContext, String, Caller> bearer,
            boolean secure) {
        my = new MyPage(contract, clock, bearer, secure);
        counter = new CounterPage(contract, clock);
        review = new ReviewPage(contract, clock);
        bureau = new BureauPage(contract, clock);
        bureauWork = new BureauWork(contract, bureau, clock);
        prescriptions = new PrescriptionsPage(contract, clock);
    }

    /// What needs no sign-in: the files that pages load, and the patient's own page.
    public void mountOpen(Router router) {
        assets.mount(router);
        my.mount(router);
    }

    /// The patient behind a request of `/my`.
    public Optional<Caller> patient(RoutingContext http) {
        return my.caller(http);
    }

    /// Behind the guards.
    public void mount(Router router) {
        counter.mount(router);
        review.mount(router);
        prescriptions.mount(router);
        bureau.mount(router);
        bureauWork.mount(router);
    }
}
