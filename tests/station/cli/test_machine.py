from station.cli.machine import cpu_flags, machine


def test_that_the_machine_is_described_with_flags_precision_and_openvino() -> None:
    described = machine("f32")
    assert described["precision"] == "f32"
    assert "FP32" in described["cpu_precisions"]
    assert described["openvino"]
    assert described["cpu_flags"]


def test_that_only_the_flags_that_matter_to_a_model_are_named() -> None:
    assert cpu_flags({"flags": "fpu avx2 sse4_2 hypervisor avx512_vnni amx_int8"}) == [
        "amx_int8",
        "avx2",
        "avx512_vnni",
        "sse4_2",
    ]


def test_that_a_system_without_cpuinfo_has_flags_too() -> None:
    assert isinstance(cpu_flags({}), list)
