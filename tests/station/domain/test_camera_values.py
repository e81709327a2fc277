from station.domain.camera import Access, CameraFeature, FeatureKind, Visibility, matching


def feature(name: str, **fields: object) -> CameraFeature:
    given = {"kind": FeatureKind.FLOAT, "category": "", "visibility": Visibility.BEGINNER, "access": Access.READ_WRITE}
    return CameraFeature(name=name, own_name=name, **{**given, **fields})


def test_that_limits_are_said_with_range_step_and_unit() -> None:
    assert feature("Width", minimum=16, maximum=4096, increment=16, unit="px").limits == "16 to 4096 in steps of 16 px"
    assert feature("ExposureTime", minimum=1.5, maximum=1e6, unit="us").limits == "1.5 to 1000000 us"
    assert feature("PixelFormat", entries=("Mono8", "Mono12")).limits == "one of Mono8, Mono12"
    assert feature("ReverseX", kind=FeatureKind.BOOLEAN).limits == "true or false"


def test_that_features_are_found_by_all_words_up_to_a_visibility() -> None:
    tree = (
        feature("ExposureTime", category="AcquisitionControl", about="Duration of light"),
        feature("ExposureAuto", category="AcquisitionControl"),
        feature("SensorTaps", category="DeviceControl", visibility=Visibility.GURU),
    )
    assert matching(tree, "exposure acquisition", Visibility.GURU) == tree[:2]
    assert matching(tree, "LIGHT", Visibility.GURU) == tree[:1]
    assert matching(tree, "taps", Visibility.GURU) == tree[2:]
    assert matching(tree, "taps", Visibility.EXPERT) == ()
    assert matching(tree, "", Visibility.GURU) == tree
