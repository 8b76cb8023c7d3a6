#requires -Version 3.0

# .SYNOPSIS
# Collects on this server what OAuthCert Wizard would ask over the network, and writes it to one file.
#
# .DESCRIPTION
# WHAT IT READS   This server's product, services, time, certificates (their public part, and whether the private key can be used),
#                 the assignment of the OAuth certificate, the topology, replication, and events of the last days about them.
#                 Every question is a function further down; the list of questions stands behind them. Nothing else is run.
# WHAT IT CHANGES Nothing. It writes one file and no setting.
# WHAT IS INSIDE  Names of servers, of your account and of its groups, certificates, event texts. No password and no private key:
#                 none is read. The file is plain text; look into it before you hand it on.
# HOW TO RUN      In Windows PowerShell 3.0 to 5.1 on the server, opened as administrator:
#                     powershell.exe -NoProfile -ExecutionPolicy Bypass -File .\collector.ps1
#                 It takes one or two minutes. A question that gets no answer in its time is noted, and the next one is asked.
# WHERE IT GOES   To the current folder as <server>-<time>.oauthcert.json, or to the file named with -OutFile. A file that exists is
#                 never overwritten. Copy it to the workstation and there run:
#                     oauthcert check --evidence FILE...
#
# .PARAMETER OutFile
# The file to write.
# .PARAMETER Product
# What this server is; by default it is asked everything.
[CmdletBinding()]
param(
    [string] $OutFile = '',
    [ValidateSet(@products@)] [string] $Product = 'auto'
)
Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue' # cmdlets would draw over the lines below
