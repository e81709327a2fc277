#!/usr/bin/env bash
# genicam 1.6.0 (GenApi): a feature whose availability is a formula that divides by a register which is 0 at the moment.
# Asking for its access mode raises LogicalErrorException ("#Infinity somewhere!"), so a walk over all features that
# filters by access mode, as every feature browser does, ends at this one. A feature whose *value* is such a formula
# answers the same question with RO and only fails when its value is read.
# Expected: the access mode is a question about the feature; NA (not available) is the answer for a failing condition.
# Exits 0 while GenApi behaves so, 1 if that has changed.
set -euo pipefail
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
python3 -m venv "$place/venv"
"$place/venv/bin/pip" install -q genicam==1.6.0
cd "$place"
"$place/venv/bin/python" - <<'PY'
import sys
from genicam import genapi

DESCRIPTION = """<?xml version="1.0" encoding="utf-8"?>
<RegisterDescription ModelName="M" VendorName="V" ToolTip="" StandardNameSpace="None"
    SchemaMajorVersion="1" SchemaMinorVersion="1" SchemaSubMinorVersion="0"
    MajorVersion="1" MinorVersion="0" SubMinorVersion="0"
    ProductGuid="1F6A3B52-7C11-4E0D-9D53-6B1C2E0A4F21" VersionGuid="8E2C7D90-15AB-4F77-B0C6-3A9D5E8F7231"
    xmlns="http://www.genicam.org/GenApi/Version_1_1" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
    xsi:schemaLocation="http://www.genicam.org/GenApi/Version_1_1 http://www.genicam.org/GenApi/GenApiSchema_Version_1_1.xsd">
  <Category Name="Root"><pFeature>Condition</pFeature><pFeature>Value</pFeature></Category>
  <Integer Name="Condition"><pIsAvailable>Ratio</pIsAvailable><Value>1</Value></Integer>
  <SwissKnife Name="Value"><pVariable Name="R">Register</pVariable><Formula>1 / R</Formula></SwissKnife>
  <IntSwissKnife Name="Ratio"><pVariable Name="R">Register</pVariable><Formula>1 / R</Formula></IntSwissKnife>
  <IntReg Name="Register">
    <Address>0</Address><Length>4</Length><AccessMode>RO</AccessMode><pPort>Device</pPort>
    <Sign>Unsigned</Sign><Endianess>BigEndian</Endianess>
  </IntReg>
  <Port Name="Device"/>
</RegisterDescription>"""


class Zero(genapi.AbstractPort):
    def read(self, address, size):
        return bytes(size)

    def get_access_mode(self):
        return genapi.EAccessMode.RO


port, node_map = Zero(), genapi.NodeMap()
node_map.load_xml_from_string(DESCRIPTION)
node_map.connect(port, "Device")

value = node_map.get_node("Value")
by_value = value.get_access_mode()
print("formula in the value:    ", "access mode", by_value)
try:
    by_condition = node_map.get_node("Condition").get_access_mode()
    print("formula in the condition:", "access mode", by_condition)
except genapi.LogicalErrorException as error:
    by_condition = None
    print("formula in the condition:", "raises", str(error).split(" : LogicalErrorException")[0])
sys.exit(0 if by_value == genapi.EAccessMode.RO and by_condition is None else 1)
PY
