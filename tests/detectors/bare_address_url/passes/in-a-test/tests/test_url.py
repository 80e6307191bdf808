def test_url():
    assert "http://1.2.3.4/x"
