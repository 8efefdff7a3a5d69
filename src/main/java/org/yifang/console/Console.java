package org.yifang.console;

import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

import org.yifang.console.auditor.AuditorPage;
import org.yifang.console.bureau.BureauPage;
import org.yifang.console.bureau.BureauWork;
import org.yifang.console.bureau.HistoryPage;
import org.yifang.console.counter.CounterPage;
import org.yifang.console.frame.Contract;
import org.yifang.console.frame.Page;
import org.yifang.console.hospital.Diagnoses;
import org.yifang.console.hospital.PrescriptionsPage;
import org.yifang.console.hospital.WritingPage;
import org.yifang.console.operator.OperatorPage;
import org.yifang.console.patient.MyPage;
import org.yifang.console.review.ReviewPage;
import org.yifang.console.review.SwapsPage;
import org.yifang.console.screen.BoardPage;
import org.yifang.identity.client.Identity;
import org.yifang.notify.Events;
import org.yifang.platform.Caller;
import org.yifang.registry.Organizations;

import java.time.InstantSource;
import java.util.Optional;

/// All pages behind a sign-in, put together.
public final class Console {
    private final Assets assets = new Assets();
    private final Events events;
    private final BoardPage board;
    private final OperatorPage operator;
    private final MyPage my;
    private final CounterPage counter;
    private final ReviewPage review;
    private final SwapsPage swaps;
    private final WritingPage writing;
    private final PrescriptionsPage prescriptions;
    private final AuditorPage auditor;
    private final BureauPage bureau;
    private final BureauWork bureauWork;
    private final HistoryPage history;
    private final ErrorPage errors;

    /// @param events whose last is known when a page is asked for
    /// @param identity knows whose an access token is
    /// @param secure whether people come by https
    /// @param diagnoses that the writing page offers
    public Console(
            Contract contract,
            InstantSource clock,
            Events events,
            Identity identity,
            boolean secure,
            Organizations organizations,
            Diagnoses diagnoses) {
        this.events = events;
        board = new BoardPage(organizations, clock);
        operator = new OperatorPage(clock);
        my = new MyPage(contract, clock, identity, secure);
        counter = new CounterPage(contract, clock);
        review = new ReviewPage(contract, clock);
        swaps = new SwapsPage(contract, clock);
        bureau = new BureauPage(contract, clock);
        bureauWork = new BureauWork(contract, bureau, clock);
        history = new HistoryPage(contract, clock);
        errors = new ErrorPage(clock);
        writing = new WritingPage(contract, clock, diagnoses);
        auditor = new AuditorPage(contract, clock);
        prescriptions = new PrescriptionsPage(contract, clock);
    }

    /// What needs no sign-in: the files that pages load, and the patient's own page.
    public void mountOpen(Router router) {
        assets.mount(router);
        Page.follow(router, events);
        my.mount(router);
        board.mount(router);
    }

    /// What people are told when something goes wrong. After everything else that answers errors.
    public void mountErrors(Router router) {
        errors.mount(router);
    }

    /// The patient behind a request of `/my`.
    public Optional<Caller> patient(RoutingContext http) {
        return my.caller(http);
    }

    /// Behind the guards.
    public void mount(Router router) {
        counter.mount(router);
        review.mount(router);
        swaps.mount(router);
        writing.mount(router);
        prescriptions.mount(router);
        auditor.mount(router);
        operator.mount(router);
        bureau.mount(router);
        bureauWork.mount(router);
        history.mount(router);
    }
}
