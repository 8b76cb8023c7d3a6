r"""The practice deployment: simulated servers whose state follows from what happened to them, answering real WinRM on the loopback.

    with PracticeLab.open("replica-stopped") as lab:             # oauthcert.lab.practice
        lab.targets, lab.credential, lab.oracle, lab.counters()

scenario file -> `scenario_file` -> `Scenario` -> `building.build` (applies `faults` to a `Deployment`) -> at the moment of asking
`replication` computes what has arrived where -> `cmdlets` (what the real cmdlets would return) -> `answers` (what the probes print)
-> `engine` (frames) -> `wsman` (the network). Nothing is stored that can be computed from the timeline.
"""
